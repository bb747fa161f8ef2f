#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace darkroom::persistence {

/// The value of the header field Content-Digest (RFC 9530) for a SHA-256 of 64 lower-case hex
/// digits: "sha-256=:<base64>:". Empty where the text is none.
[[nodiscard]] std::string content_digest(std::string_view sha256);

/// The SHA-256 in such a field, as 64 lower-case hex digits; nullopt where it has none that can be
/// read. Digests by other algorithms beside it are passed over.
[[nodiscard]] std::optional<std::string> sha256_of_digest(std::string_view field);

}  // namespace darkroom::persistence
