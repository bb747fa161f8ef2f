#include "outbound/mail_url.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <new>

#include <curl/curl.h>

#include "net/ip_address.hpp"

namespace darkroom::outbound {
namespace {

using ParsedUrl = std::unique_ptr<CURLU, decltype(&::curl_url_cleanup)>;

bool equal_but_for_case(std::string_view text, std::string_view lower) {
  return std::ranges::equal(text, lower, {}, [](unsigned char c) { return std::tolower(c); });
}

bool is_this_machine(std::string_view host) {
  if (equal_but_for_case(host, "localhost")) return true;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const auto address = net::IpAddress::parse(host);
  static const std::array loopback{net::AddressBlock::parse("127.0.0.0/8").value(),
                                   net::AddressBlock::parse("::1").value()};
  return address && std::ranges::any_of(loopback, [&](const net::AddressBlock& block) {
           return block.contains(*address);
         });
}

}  // namespace

tl::expected<MailUrl, std::string> check_mail_url(std::string_view text) {
  const auto wrong = [](const char* what) { return tl::unexpected{std::string{what}}; };
  const auto colon = text.find("://");
  const auto scheme = text.substr(0, colon);
  if (colon == std::string_view::npos ||
      !(equal_but_for_case(scheme, "smtp") || equal_but_for_case(scheme, "smtps"))) {
    return wrong("must begin with smtp:// or smtps://, as in \"smtps://mail.example:465\"");
  }
  const ParsedUrl url{::curl_url(), &::curl_url_cleanup};
  if (!url) throw std::bad_alloc{};
  switch (
      ::curl_url_set(url.get(), CURLUPART_URL, std::string{text}.c_str(), CURLU_DISALLOW_USER)) {
    case CURLUE_OK:
      break;
    case CURLUE_USER_NOT_ALLOWED:
      return wrong("has a user name in it; set email.username and email.password_file instead");
    case CURLUE_BAD_PORT_NUMBER:
      return wrong("has a port that is none");
    case CURLUE_NO_HOST:
      return wrong("has no host");
    default:
      return wrong("is no address of a mail server, such as \"smtps://mail.example:465\"");
  }
  char* found = nullptr;
  if (::curl_url_get(url.get(), CURLUPART_HOST, &found, 0) != CURLUE_OK)
    return wrong("has no host");
  MailUrl checked{.host = found};
  ::curl_free(found);
  checked.on_this_machine = is_this_machine(checked.host);
  return checked;
}

}  // namespace darkroom::outbound
