#pragma once

#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "nodes/config.hpp"
#include "outbound/webhook_signature.hpp"

namespace darkroom::nodes {

/// What webhooks are signed with, out of a file where one is named; none where there is neither.
/// The error names the setting and does not quote the secret.
[[nodiscard]] tl::expected<std::optional<outbound::WebhookSecrets>, std::string> webhook_secrets(
    const WebhookSettings& settings);

/// The content of a file without the line break at its end, which editors and `echo` put there and
/// which is not part of a secret.
[[nodiscard]] tl::expected<std::string, std::string> read_secret_file(
    const std::filesystem::path& path);

}  // namespace darkroom::nodes
