#include "nodes/webhook_secrets.hpp"

#include <array>
#include <optional>
#include <span>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "jobs/random.hpp"
#include "nodes/text_file.hpp"
#include "persistence/hmac_sha256.hpp"

namespace darkroom::nodes {
namespace {

constexpr std::string_view prefix = "whsec_";
constexpr std::size_t shortest = 24;
constexpr std::size_t longest = 64;
constexpr std::size_t most_secrets = 8;

std::string to_base64(std::span<const std::uint8_t> bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                                     static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0 || text.size() > 2 * longest) return std::nullopt;
  std::vector<std::uint8_t> bytes(text.size() / 4 * 3);
  const int length =
      EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()),
                      static_cast<int>(text.size()));
  if (length < 0) return std::nullopt;
  // What stands for no byte is counted as one.
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  bytes.resize(static_cast<std::size_t>(length) - padding);
  return bytes;
}

}  // namespace

tl::expected<WebhookSecrets, std::string> parse_webhook_secrets(std::string_view text) {
  WebhookSecrets secrets;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    const auto bytes = word.starts_with(prefix) ? from_base64(word.substr(prefix.size()))
                                                : std::optional<std::vector<std::uint8_t>>{};
    if (!bytes || bytes->size() < shortest || bytes->size() > longest) {
      return tl::unexpected{
          fmt::format("must be \"whsec_\" and {} to {} bytes in base64, as darkroom webhook secret "
                      "prints it, or several of these separated by spaces",
                      shortest, longest)};
    }
    secrets.push_back(*bytes);
  }
  if (secrets.empty() || secrets.size() > most_secrets) {
    return tl::unexpected{fmt::format("must have 1 to {} secrets in it", most_secrets)};
  }
  return secrets;
}

tl::expected<WebhookSecrets, std::string> webhook_secrets(const WebhookSettings& settings) {
  if (settings.secret_file.empty()) {
    if (settings.secret.empty()) return WebhookSecrets{};
    auto secrets = parse_webhook_secrets(settings.secret);
    if (!secrets) return tl::unexpected{"webhook.secret " + secrets.error()};
    return secrets;
  }
  auto text = read_text_file(settings.secret_file);
  if (!text) return tl::unexpected{"webhook.secret_file: " + text.error()};
  // Editors and `echo` end a file with a line break that is not part of the secret.
  while (text->ends_with('\n') || text->ends_with('\r'))
    text->pop_back();
  auto secrets = parse_webhook_secrets(*text);
  if (!secrets) return tl::unexpected{"what webhook.secret_file holds " + secrets.error()};
  return secrets;
}

std::string new_webhook_secret() {
  std::array<std::uint8_t, 32> bytes{};
  jobs::fill_random(bytes);
  return std::string{prefix} + to_base64(bytes);
}

std::string webhook_signature(const WebhookSecrets& secrets, std::string_view id,
                              std::string_view timestamp, std::string_view body) {
  const auto content = fmt::format("{}.{}.{}", id, timestamp, body);
  std::string signatures;
  for (const auto& secret : secrets) {
    signatures += signatures.empty() ? "v1," : " v1,";
    signatures += to_base64(persistence::hmac_sha256(secret, content));
  }
  return signatures;
}

}  // namespace darkroom::nodes
