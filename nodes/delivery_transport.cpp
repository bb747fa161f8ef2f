#include "nodes/delivery_transport.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "http/delivery_payload.hpp"
#include "jobs/timestamp.hpp"
#include "net/address_guard.hpp"
#include "nodes/version.hpp"
#include "nodes/webhook_secrets.hpp"
#include "outbound/mail_client.hpp"
#include "outbound/mail_url.hpp"
#include "outbound/web_client.hpp"
#include "outbound/webhook_signature.hpp"
#include "tls/pem_files.hpp"

namespace darkroom::nodes {
namespace {

using jobs::Delivery;
using jobs::DeliveryVerdict;
using jobs::TriedDelivery;

TriedDelivery refused(std::string error) {
  return {.attempt = {.at = jobs::system_now(), .error = std::move(error)},
          .verdict = DeliveryVerdict::refused};
}

TriedDelivery failed(std::string error) {
  return {.attempt = {.at = jobs::system_now(), .error = std::move(error)}};
}

TriedDelivery to_tried(const outbound::Answer& answer) {
  TriedDelivery tried{.attempt = {.status = static_cast<std::uint32_t>(answer.status)}};
  if (answer.retry_after) {
    // Any number may stand there, also one that milliseconds cannot hold.
    const auto most = std::chrono::ceil<std::chrono::seconds>(jobs::longest_delivery_wait);
    tried.retry_after = std::min(std::chrono::seconds{*answer.retry_after}, most);
  }
  constexpr int gone = 410;
  if (answer.status >= 200 && answer.status < 300) {
    tried.verdict = DeliveryVerdict::delivered;
  } else if (answer.status == gone) {
    tried.verdict = DeliveryVerdict::gone;
    tried.attempt.error = "The receiver answered 410: it wants no more of this.";
  } else {
    const bool redirect = answer.status >= 300 && answer.status < 400;
    tried.attempt.error = fmt::format("The receiver answered {}{}.", answer.status,
                                      redirect ? ", and redirects are not followed" : "");
  }
  return tried;
}

/// None where it was ended because the service stops.
std::optional<TriedDelivery> to_tried(const outbound::Failure& failure) {
  using Kind = outbound::Failure::Kind;
  if (failure.kind == Kind::stopped) return std::nullopt;
  const bool for_good = failure.kind == Kind::bad_url || failure.kind == Kind::refused_address;
  return for_good ? refused(failure.message) : failed(failure.message);
}

net::AddressGuard guard_of(const Config& config) {
  // The configuration was checked for it.
  return net::AddressGuard{net::AddressBlock::parse_list(config.webhook.allow).value(),
                           net::AddressBlock::parse_list(config.webhook.deny).value()};
}

outbound::WebLimits limits_of(const Config& config) {
  outbound::WebLimits limits;
  limits.connect_timeout = std::min(limits.connect_timeout, config.registry.outbox.timeout);
  limits.ca_file = config.webhook.ca_file.string();
  limits.user_agent = fmt::format("darkroom/{}", version());
  return limits;
}

/// None where no mail is sent.
tl::expected<std::optional<outbound::MailServer>, std::string> mail_server(const Config& config) {
  const auto& email = config.email;
  if (email.server.empty()) return std::nullopt;
  const auto url = outbound::check_mail_url(email.server);
  if (!url) return tl::unexpected{"email.server " + url.error()};
  // Few servers of the same machine offer TLS.
  outbound::MailServer server{.url = email.server,
                              .must_encrypt = !url->on_this_machine || !email.ca_file.empty(),
                              .username = email.username,
                              .from = email.from,
                              .timeout = config.registry.outbox.timeout,
                              .ca_file = email.ca_file.string()};
  if (!email.password_file.empty()) {
    auto password = read_secret_file(email.password_file);
    if (!password) return tl::unexpected{"email.password_file: " + password.error()};
    server.password = std::move(*password);
  }
  return server;
}

class Transport final : public actors::DeliveryTransport {
 public:
  Transport(const Config& config, std::optional<outbound::WebhookSecrets> secrets,
            std::optional<outbound::MailServer> mail, CurrentView view)
      : web_(guard_of(config), limits_of(config)),
        secrets_(std::move(secrets)),
        mail_(std::move(mail)),
        timeout_(config.registry.outbox.timeout),
        view_(std::move(view)) {}

  std::optional<TriedDelivery> send(const Delivery& delivery) override {
    if (stopping_) return std::nullopt;
    // This may wait for the registry, which says nothing of the receiver.
    const auto view = view_();
    const auto begun = std::chrono::steady_clock::now();
    const auto at = jobs::system_now();
    auto tried = try_to_send(delivery, view);
    if (!tried) return tried;
    const auto took = std::chrono::steady_clock::now() - begun;
    tried->attempt.at = at;
    tried->attempt.milliseconds = static_cast<std::uint32_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
    return tried;
  }

  void stop() override { stopping_ = true; }

 private:
  template <class View>
  std::optional<TriedDelivery> try_to_send(const Delivery& delivery, const View& view) {
    if (!view) return failed(view.error().detail);
    if (delivery.channel == jobs::delivery_channel::webhook) return post(delivery, *view);
    if (delivery.channel == jobs::delivery_channel::email) return mail(delivery, *view);
    return refused("The service has no way to send this.");
  }

  std::optional<TriedDelivery> post(const Delivery& delivery, const http::ViewOptions& view) {
    // It waits for the operator to set one again, as long as it is kept.
    if (!secrets_) return std::nullopt;
    const auto payload = http::webhook_payload(delivery, view);
    if (!payload) return refused("What was to be sent cannot be read: " + payload.error());
    const auto now = jobs::system_now();
    const auto id = delivery.id.to_string();
    outbound::Headers headers{{"Content-Type", "application/json"},
                              {"webhook-id", id},
                              {"webhook-timestamp", outbound::webhook_time(now)},
                              {"webhook-signature", secrets_->sign(id, now, payload->body)}};
    if (!payload->trace_parent.empty()) headers.emplace_back("traceparent", payload->trace_parent);
    const auto answer = web_.post({.url = delivery.target,
                                   .headers = std::move(headers),
                                   .body = payload->body,
                                   .timeout = timeout_,
                                   .go_on = [this] { return !stopping_; }});
    if (answer) return to_tried(*answer);
    return to_tried(answer.error());
  }

  std::optional<TriedDelivery> mail(const Delivery& delivery, const http::ViewOptions& view) {
    if (!mail_) return std::nullopt;
    const auto text = http::mail_text(delivery, view);
    if (!text) return refused("What was to be sent cannot be read: " + text.error());
    const auto sent = outbound::send_mail(*mail_,
                                          {.id = delivery.id.to_string(),
                                           .to = delivery.target,
                                           .subject = text->subject,
                                           .text = text->body,
                                           .date = delivery.created_at},
                                          [this] { return !stopping_; });
    constexpr std::uint32_t taken = 250;  // Of RFC 5321.
    if (sent)
      return TriedDelivery{.attempt = {.status = taken}, .verdict = DeliveryVerdict::delivered};
    if (sent.error().stopped) return std::nullopt;
    TriedDelivery tried{.attempt = {.status = sent.error().status, .error = sent.error().message}};
    if (sent.error().permanent) tried.verdict = DeliveryVerdict::refused;
    return tried;
  }

  outbound::WebClient web_;
  std::optional<outbound::WebhookSecrets> secrets_;
  std::optional<outbound::MailServer> mail_;
  std::chrono::milliseconds timeout_;
  CurrentView view_;
  std::atomic<bool> stopping_{false};
};

}  // namespace

tl::expected<std::shared_ptr<actors::DeliveryTransport>, std::string> make_delivery_transport(
    const Config& config, CurrentView view) {
  for (const auto& [file, called] : {std::pair{&config.webhook.ca_file, "webhook.ca_file"},
                                     std::pair{&config.email.ca_file, "email.ca_file"}}) {
    if (file->empty()) continue;
    if (const auto read = tls::read_certificates({called, *file}); !read)
      return tl::unexpected{read.error()};
  }
  auto secrets = webhook_secrets(config.webhook);
  if (!secrets) return tl::unexpected{std::move(secrets.error())};
  auto mail = mail_server(config);
  if (!mail) return tl::unexpected{std::move(mail.error())};
  if (!*secrets && !*mail) return nullptr;
  return std::make_shared<Transport>(config, std::move(*secrets), std::move(*mail),
                                     std::move(view));
}

}  // namespace darkroom::nodes
