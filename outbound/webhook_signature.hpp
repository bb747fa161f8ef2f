#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "jobs/timestamp.hpp"

namespace darkroom::outbound {

/// The secrets that webhooks are signed with, in the form of Standard Webhooks 1.0
/// (https://github.com/standard-webhooks/standard-webhooks, "Signature scheme"): symmetric, "v1".
/// Immutable, so thread-safe.
class WebhookSecrets {
 public:
  /// One secret or several, separated by blanks: while they are rotated each receiver may know the
  /// old or the new one. Each is "whsec_" and the base64 of 24 to 64 bytes. The error says which
  /// one is wrong and how, and tells nothing of what it is.
  [[nodiscard]] static tl::expected<WebhookSecrets, std::string> parse(std::string_view text);

  /// The value of `webhook-signature` for a message: one signature of each secret.
  [[nodiscard]] std::string sign(std::string_view id, jobs::Timestamp time,
                                 std::string_view body) const;

 private:
  std::vector<std::vector<std::uint8_t>> keys_;
};

/// The value of `webhook-timestamp`: seconds since 1970.
[[nodiscard]] std::string webhook_time(jobs::Timestamp time);

/// A secret that nobody has had before, of 32 bytes.
[[nodiscard]] std::string new_webhook_secret();

}  // namespace darkroom::outbound
