#include "nodes/outbox_settings.hpp"

#include <chrono>
#include <utility>

#include "jobs/delivery_retry.hpp"

namespace darkroom::nodes {
namespace {

using namespace std::chrono_literals;

constexpr auto registry = &Config::registry;
constexpr auto outbox = &actors::RegistryOptions::outbox;

Setting as_secret(Setting setting) {
  setting.secret = true;
  return setting;
}

/// A secret may be part of its path or its query.
Setting as_discreet(Setting setting) {
  setting.discreet = true;
  return setting;
}

}  // namespace

std::vector<Setting> outbox_settings() {
  using actors::OutboxOptions;
  constexpr auto webhook = &Config::webhook;
  constexpr auto email = &Config::email;
  constexpr auto year = 365 * 24h;
  return {
      as_discreet(setting<registry, outbox, &OutboxOptions::url>(
          "webhook", "url", any_text(), "Who is told of jobs without callback_url")),
      as_secret(setting<webhook, &WebhookSettings::secret>("webhook", "secret", any_text(),
                                                           "What webhooks are signed with")),
      setting<webhook, &WebhookSettings::secret_file>("webhook", "secret_file", file(),
                                                      "The file that holds it instead"),
      setting<webhook, &WebhookSettings::allow>("webhook", "allow", list(),
                                                "Addresses called though they are not public"),
      setting<webhook, &WebhookSettings::ca_file>("webhook", "ca_file", file(),
                                                  "Who certifies receivers, not the system's"),
      setting<webhook, &WebhookSettings::deny>("webhook", "deny", list(),
                                               "Addresses never called, of those too"),
      setting<registry, outbox, &OutboxOptions::timeout>("webhook", "timeout", duration(1s, 60s),
                                                         "Longest time for one try"),
      setting<registry, outbox, &OutboxOptions::senders>("webhook", "senders", whole(1, 256),
                                                         "Deliveries sent at once"),
      setting<registry, outbox, &OutboxOptions::max_tries>("webhook", "max_tries",
                                                           whole(1, jobs::kept_tries - 2),
                                                           "Failed tries that end a delivery"),
      setting<registry, outbox, &OutboxOptions::keep>("webhook", "keep", duration(1min, year),
                                                      "How long a delivery is listed"),
      setting<email, &EmailSettings::server>("email", "server", any_text(),
                                             "Mail server; empty: no mail is sent"),
      setting<email, &EmailSettings::from>("email", "from", any_text(), "Sender's address"),
      setting<registry, outbox, &OutboxOptions::email_to>("email", "to", any_text(), "Who is told"),
      setting<email, &EmailSettings::username>("email", "username", any_text(),
                                               "To log in with at the server"),
      setting<email, &EmailSettings::password_file>("email", "password_file", file(),
                                                    "The file that holds the password"),
      setting<email, &EmailSettings::ca_file>("email", "ca_file", file(),
                                              "Who certifies the server, not the system's"),
      setting<registry, outbox, &OutboxOptions::email_on>("email", "on", choice<actors::EmailOn>(),
                                                          "Of which jobs"),
  };
}

}  // namespace darkroom::nodes
