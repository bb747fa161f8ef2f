#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace darkroom::outbound {

/// Longer ones are refused: proxies and servers take no more than some thousand bytes either.
constexpr std::size_t max_url_bytes = 2'048;

/// An address that a request may be sent to, as far as can be told without asking for its host.
struct Url {
  std::string text;  ///< As a request uses it: without a fragment and "." or ".." in the path.
  std::string host;  ///< "example.org", "192.0.2.1", "[2001:db8::1]"
  std::string path;  ///< "/a%20b.jpg", percent-encoded as in `text`.
};

/// Reads an absolute URL of http or https, without user and password. The error is what is wrong
/// with it, as the end of a sentence that begins with what it is: "has no host".
[[nodiscard]] tl::expected<Url, std::string> check_url(std::string_view text);

}  // namespace darkroom::outbound
