#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "nodes/config.hpp"

namespace darkroom::nodes {

/// Keys for signing, the newest first as it stands in the setting.
using WebhookSecrets = std::vector<std::vector<std::uint8_t>>;

/// Reads "whsec_..." in base64, of 24 to 64 bytes; several separated by spaces. The error is a
/// sentence without its subject, which does not quote the secret.
[[nodiscard]] tl::expected<WebhookSecrets, std::string> parse_webhook_secrets(
    std::string_view text);

/// Those of the settings, out of a file where one is named; none where there is neither.
[[nodiscard]] tl::expected<WebhookSecrets, std::string> webhook_secrets(
    const WebhookSettings& settings);

/// A fresh one, of 32 random bytes.
[[nodiscard]] std::string new_webhook_secret();

/// The value of webhook-signature (Standard Webhooks 1.0): "v1,<base64>" for each of the secrets,
/// separated by spaces.
[[nodiscard]] std::string webhook_signature(const WebhookSecrets& secrets, std::string_view id,
                                            std::string_view timestamp, std::string_view body);

}  // namespace darkroom::nodes
