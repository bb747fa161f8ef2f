#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "http/problem.hpp"

namespace darkroom::http {

struct HeaderField {
  std::string name;
  std::string value;  ///< Without the white space around it.
};

/// How the end of a request's body is told (RFC 9112, section 6).
enum class BodyFraming : std::uint8_t { none, length, chunked };

/// The request line and header fields of one request, checked.
struct RequestHead {
  std::string method;     ///< One that HTTP defines.
  std::string target;     ///< Path and query, "/v1/jobs?preset=x"; or "*".
  std::string authority;  ///< "localhost:8000": what the client calls us; empty in HTTP/1.0.
  std::vector<HeaderField> fields;
  BodyFraming framing = BodyFraming::none;
  std::uint64_t content_length = 0;  ///< Where framing is `length`.
  bool keep_alive = true;            ///< The client wants to send more on this connection.
  bool expects_continue = false;     ///< It waits for 100 before it sends the body.
};

/// Parses a whole head, from the request line to the empty line included. Strict, because whoever
/// reads a message differently from a proxy before it can be made to see requests that the proxy
/// did not: bare line feeds, folded lines, space before the colon, control characters, and two
/// opinions about the length of the body are all errors. Pure.
[[nodiscard]] tl::expected<RequestHead, Problem> parse_request_head(std::string_view head);

/// All values of the field, joined by commas as RFC 9110, section 5.3, allows; nullopt where there
/// is none.
[[nodiscard]] std::optional<std::string> joined_field(const RequestHead& head,
                                                      std::string_view name);

}  // namespace darkroom::http
