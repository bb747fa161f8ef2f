#include "outbound/webhook_signature.hpp"

#include <array>
#include <chrono>
#include <span>
#include <utility>

#include "jobs/random.hpp"
#include "outbound/base64.hpp"
#include "persistence/hmac_sha256.hpp"

namespace darkroom::outbound {
namespace {

constexpr std::string_view prefix = "whsec_";
constexpr std::size_t least_bytes = 24;
constexpr std::size_t most_bytes = 64;
constexpr std::size_t most_encoded = 128;  // More than most_bytes take.
constexpr std::size_t new_bytes = 32;

std::vector<std::string_view> words_of(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  std::vector<std::string_view> words;
  while (true) {
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return words;
    text.remove_prefix(begin);
    words.push_back(text.substr(0, text.find_first_of(blanks)));
    text.remove_prefix(words.back().size());
  }
}

}  // namespace

tl::expected<WebhookSecrets, std::string> WebhookSecrets::parse(std::string_view text) {
  WebhookSecrets secrets;
  for (const auto word : words_of(text)) {
    const auto which = "secret " + std::to_string(secrets.keys_.size() + 1);
    if (!word.starts_with(prefix)) return tl::unexpected(which + " does not begin with whsec_");
    const auto encoded = word.substr(prefix.size());
    auto key = encoded.size() > most_encoded ? std::nullopt : from_base64(encoded);
    if (!key) return tl::unexpected(which + " is not whsec_ and base64 with its padding");
    if (key->size() < least_bytes || key->size() > most_bytes) {
      return tl::unexpected(which + " has " + std::to_string(key->size()) +
                            " bytes; it must have 24 to 64");
    }
    secrets.keys_.push_back(std::move(*key));
  }
  if (secrets.keys_.empty()) return tl::unexpected(std::string{"there is no secret"});
  return secrets;
}

std::string WebhookSecrets::sign(std::string_view id, jobs::Timestamp time,
                                 std::string_view body) const {
  std::string message{id};
  message.append(".").append(webhook_time(time)).append(".").append(body);
  std::string signatures;
  for (const auto& key : keys_) {
    if (!signatures.empty()) signatures += ' ';
    const auto mac = persistence::hmac_sha256(key, message);
    signatures += "v1," + to_base64(std::as_bytes(std::span{mac}));
  }
  return signatures;
}

std::string webhook_time(jobs::Timestamp time) {
  return std::to_string(std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count());
}

std::string new_webhook_secret() {
  std::array<std::uint8_t, new_bytes> bytes{};
  jobs::fill_random(bytes);
  return std::string{prefix} + to_base64(std::as_bytes(std::span{bytes}));
}

}  // namespace darkroom::outbound
