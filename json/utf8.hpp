#pragma once

#include <string>
#include <string_view>

namespace darkroom::json {

/// The text with each byte that is no part of a well-formed UTF-8 sequence (RFC 3629) replaced by
/// U+FFFD. Well-formed text comes back unchanged.
[[nodiscard]] std::string repaired_utf8(std::string_view text);

}  // namespace darkroom::json
