#pragma once

#include <string>
#include <string_view>

namespace darkroom::http {

/// A path as it stands in an address: all but the unreserved characters of RFC 3986, section 2.3,
/// and slashes as %XX.
[[nodiscard]] std::string percent_encoded(std::string_view path);

}  // namespace darkroom::http
