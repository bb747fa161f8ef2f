#include "nodes/webhook_secrets.hpp"

#include <utility>

#include "nodes/text_file.hpp"

namespace darkroom::nodes {

tl::expected<std::string, std::string> read_secret_file(const std::filesystem::path& path) {
  auto text = read_text_file(path);
  while (text && (text->ends_with('\n') || text->ends_with('\r')))
    text->pop_back();
  return text;
}

tl::expected<std::optional<outbound::WebhookSecrets>, std::string> webhook_secrets(
    const WebhookSettings& settings) {
  auto text = settings.secret;
  if (!settings.secret_file.empty()) {
    auto read = read_secret_file(settings.secret_file);
    if (!read) return tl::unexpected{"webhook.secret_file: " + read.error()};
    text = std::move(*read);
  } else if (text.empty()) {
    return std::nullopt;
  }
  auto secrets = outbound::WebhookSecrets::parse(text);
  if (secrets) return std::move(*secrets);
  return tl::unexpected{
      (settings.secret_file.empty() ? "webhook.secret: " : "webhook.secret_file: ") +
      secrets.error() + "; darkroom webhook secret makes one"};
}

}  // namespace darkroom::nodes
