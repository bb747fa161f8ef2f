#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "http/problem.hpp"

namespace darkroom::http {

inline constexpr std::size_t max_head_bytes = std::size_t{64} << 10U;
inline constexpr std::size_t max_request_line_bytes = std::size_t{8} << 10U;
inline constexpr std::size_t max_fields = 100;

struct HeaderField {
  std::string name;
  std::string value;  ///< Without the white space around it.
};

/// How the end of a request's body is told (RFC 9112, section 6).
enum class BodyFraming : std::uint8_t { none, length, chunked };

/// The request line and header fields of one request, checked.
struct RequestHead {
  std::string method;  ///< One that HTTP defines.
  std::string target;  ///< Path and query, "/v1/jobs?preset=x"; or "*".
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

}  // namespace darkroom::http
