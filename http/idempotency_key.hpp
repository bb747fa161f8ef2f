#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "http/problem.hpp"

namespace httplib {
struct Request;
}  // namespace httplib

namespace darkroom::http {

/// Reads the value of the header Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): a
/// string of RFC 9651, section 3.3.3, in double quotes, whose parameters are ignored; or the key
/// without quotes, as most clients send it. A key has 1 to 255 visible ASCII characters. The error
/// is a sentence for the client.
[[nodiscard]] tl::expected<std::string, std::string> parse_idempotency_key(std::string_view field);

/// The key that a request names; none where it has no such header.
[[nodiscard]] tl::expected<std::optional<std::string>, Problem> idempotency_key_of(
    const httplib::Request& request);

}  // namespace darkroom::http
