#include "outbound/url.hpp"

#include <algorithm>
#include <memory>
#include <new>

#include <curl/curl.h>
#include <fmt/format.h>

namespace darkroom::outbound {
namespace {

constexpr const char* not_http = "does not begin with http:// or https://";

struct FreeUrl {
  void operator()(CURLU* url) const noexcept { ::curl_url_cleanup(url); }
};
using ParsedUrl = std::unique_ptr<CURLU, FreeUrl>;

std::string part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (::curl_url_get(url, which, &text, 0) != CURLUE_OK) return {};
  const std::string copy{text};
  ::curl_free(text);
  return copy;
}

/// In any case of letters (RFC 3986, section 3.1).
bool is_http(std::string_view scheme) {
  const auto is = [scheme](std::string_view name) {
    return std::ranges::equal(scheme, name, {}, [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    });
  };
  return is("http") || is("https");
}

/// What would be left open to how a reader of URLs takes it, and ours and a server's may differ.
std::string ambiguity(std::string_view text) {
  if (text.empty()) return "is empty";
  if (text.size() > max_url_bytes) return fmt::format("is longer than {} bytes", max_url_bytes);
  const auto is_plain = [](char c) { return c > ' ' && c <= '~' && c != '\\'; };
  if (!std::ranges::all_of(text, is_plain)) {
    return "has characters that no URL has; write them percent-encoded";
  }
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos || !is_http(text.substr(0, colon))) return not_http;
  if (text.substr(colon + 3).starts_with('/')) return "has no host";
  return {};
}

/// Of a name; an address in brackets has been looked at by the library.
bool has_empty_label(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);  // The root, as in "example.org.".
  return host.empty() || host.starts_with('.') || host.ends_with('.') ||
         host.find("..") != std::string_view::npos;
}

}  // namespace

tl::expected<Url, std::string> check_url(std::string_view text) {
  if (auto wrong = ambiguity(text); !wrong.empty()) return tl::unexpected{std::move(wrong)};
  const ParsedUrl url{::curl_url()};
  if (!url) throw std::bad_alloc{};
  switch (
      ::curl_url_set(url.get(), CURLUPART_URL, std::string{text}.c_str(), CURLU_DISALLOW_USER)) {
    case CURLUE_OK:
      break;
    case CURLUE_USER_NOT_ALLOWED:
      return tl::unexpected{std::string{"has a user name in it, which is not allowed"}};
    case CURLUE_UNSUPPORTED_SCHEME:
    case CURLUE_BAD_SCHEME:
      return tl::unexpected{std::string{not_http}};
    case CURLUE_BAD_PORT_NUMBER:
      return tl::unexpected{std::string{"has a port that is none"}};
    case CURLUE_NO_HOST:
      return tl::unexpected{std::string{"has no host"}};
    default:
      return tl::unexpected{std::string{"is no URL"}};
  }
  // Whether the library reads the scheme as we did.
  if (!is_http(part(url.get(), CURLUPART_SCHEME))) return tl::unexpected{std::string{not_http}};
  ::curl_url_set(url.get(), CURLUPART_FRAGMENT, nullptr, 0);
  Url checked{.text = part(url.get(), CURLUPART_URL),
              .host = part(url.get(), CURLUPART_HOST),
              .path = part(url.get(), CURLUPART_PATH)};
  if (checked.host.empty()) return tl::unexpected{std::string{"has no host"}};
  if (has_empty_label(checked.host)) {
    return tl::unexpected{std::string{"has a host that is none: a part of its name is empty"}};
  }
  if (part(url.get(), CURLUPART_PORT) == "0") {
    return tl::unexpected{std::string{"has a port that is none"}};
  }
  return checked;
}

}  // namespace darkroom::outbound
