#include "persistence/client_url.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>

#include "persistence/hex.hpp"
#include "persistence/hmac_sha256.hpp"

namespace darkroom::persistence {
namespace {

constexpr std::string_view first_line = "darkroom-client-1";
constexpr const char* expires_name = "expires";
constexpr const char* signature_name = "signature";

/// The value of a parameter that stands there once, else an empty one.
std::string_view once(const ClientUrls::Parameters& parameters, const char* name) {
  return parameters.count(name) == 1 ? std::string_view{parameters.find(name)->second}
                                     : std::string_view{};
}

/// As sign() writes it: digits alone. Nothing where it is later than any time can be told.
std::optional<jobs::Timestamp> parse_expiry(std::string_view text) {
  constexpr std::int64_t latest = 253'402'300'799;  // The end of the year 9999.
  const bool digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  std::int64_t seconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty() || !digits || read.ec != std::errc{} || seconds > latest) return std::nullopt;
  return jobs::Timestamp{std::chrono::seconds{seconds}};
}

}  // namespace

SigningKey ClientUrls::key_from(const SigningKey& signing_key) {
  return hmac_sha256(signing_key, "client urls");
}

std::string ClientUrls::sign(std::string_view path, jobs::Timestamp expires_at) const {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(expires_at.time_since_epoch());
  const std::string expires = std::to_string(seconds.count());
  return std::string{path} + "?expires=" + expires + "&signature=" + signature(path, expires);
}

tl::expected<jobs::Timestamp, UrlRefusal> ClientUrls::verify(std::string_view path,
                                                             const Parameters& parameters,
                                                             jobs::Timestamp now) const {
  const std::string_view expires = once(parameters, expires_name);
  const auto until = parse_expiry(expires);
  // With a line feed in it, a path could be that of another text of the same lines.
  const bool one_line = path.find('\n') == std::string_view::npos;
  // Before it is said that it has expired: only who has a URL of ours learns that.
  if (!until || !one_line ||
      !equal_in_constant_time(once(parameters, signature_name), signature(path, expires))) {
    return tl::unexpected{UrlRefusal::bad};
  }
  if (*until <= now) return tl::unexpected{UrlRefusal::expired};
  return *until;
}

bool ClientUrls::is_signed(const Parameters& parameters) {
  return parameters.contains(expires_name) || parameters.contains(signature_name);
}

std::string ClientUrls::signature(std::string_view path, std::string_view expires) const {
  std::string text;
  for (const auto line : {first_line, path, expires}) {
    text += line;
    text += '\n';
  }
  return to_hex(hmac_sha256(key_, text));
}

void ClientUrlKey::set(const SigningKey& key) {
  const std::scoped_lock lock{mutex_};
  key_ = key;
}

std::optional<ClientUrls> ClientUrlKey::urls() const {
  const std::scoped_lock lock{mutex_};
  return key_ ? std::optional{ClientUrls{*key_}} : std::nullopt;
}

}  // namespace darkroom::persistence
