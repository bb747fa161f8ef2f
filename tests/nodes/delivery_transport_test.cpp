#include "nodes/delivery_transport.hpp"

#include <chrono>
#include <fstream>
#include <string>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "jobs/batch.hpp"
#include "persistence/packed_batch.hpp"
#include "tests/files/temporary_folder.hpp"
#include "tests/outbound/mail_receiver.hpp"
#include "tests/transfer/scripted_server.hpp"
#include "tests/tunnel/made_certificates.hpp"

namespace darkroom::nodes {
namespace {

using namespace std::chrono_literals;
using jobs::DeliveryVerdict;
using ::testing::HasSubstr;
using tests::ScriptedServer;

Config with_webhooks() {
  Config config;
  config.webhook.secret = "whsec_" + std::string(32, 'A');
  config.webhook.allow = "127.0.0.1";
  return config;
}

std::shared_ptr<actors::DeliveryTransport> transport_of(
    const Config& config, CurrentView view = [] { return http::ViewOptions{}; }) {
  auto made = make_delivery_transport(config, std::move(view));
  EXPECT_TRUE(made) << made.error();
  return made ? *made : nullptr;
}

jobs::Delivery webhook_to(const std::string& url) {
  const auto now = jobs::system_now();
  const jobs::Batch batch{.id = jobs::JobId::generate(now), .created_at = now};
  return {.id = jobs::JobId::generate(now),
          .subject = batch.id,
          .event = "batch.completed",
          .channel = "webhook",
          .target = url,
          .body = persistence::pack_batch(batch)};
}

jobs::TriedDelivery answered(const std::string& status, const std::string& header_lines) {
  const ScriptedServer server{{{.bytes = tests::answer(status, "", header_lines)}}};
  const auto tried = transport_of(with_webhooks())
                         ->send(webhook_to(fmt::format("http://127.0.0.1:{}/", server.port())));
  EXPECT_TRUE(tried);
  return tried.value_or(jobs::TriedDelivery{});
}

TEST(DeliveryTransport, LeavesAReceiverAloneForAsLongAsItAsksADayAtMost) {
  const auto soon = answered("503 Busy", "Retry-After: 7\r\n");
  EXPECT_EQ(soon.verdict, DeliveryVerdict::retry);
  EXPECT_EQ(soon.retry_after, 7s);
  for (const char* long_time : {"86401", "99999999999", "9223372036854775807"}) {
    const auto late = answered("429 Slowly", fmt::format("Retry-After: {}\r\n", long_time));
    EXPECT_EQ(late.verdict, DeliveryVerdict::retry) << long_time;
    EXPECT_EQ(late.retry_after, jobs::longest_delivery_wait) << long_time;
  }
  EXPECT_EQ(answered("503 Busy", "Retry-After: soon\r\n").retry_after, 0s);
}

TEST(DeliveryTransport, CountsTheTimeOfTheReceiverAlone) {
  const ScriptedServer server{{{.bytes = tests::answer("200 OK", "")}}};
  static constexpr auto slow = 2s;  // A registry that is busy.
  const auto transport = transport_of(with_webhooks(), [] {
    std::this_thread::sleep_for(slow);
    return http::ViewOptions{};
  });
  const auto begun = jobs::system_now();
  const auto tried =
      transport->send(webhook_to(fmt::format("http://127.0.0.1:{}/", server.port())));
  ASSERT_TRUE(tried);
  EXPECT_EQ(tried->verdict, DeliveryVerdict::delivered);
  EXPECT_LT(std::chrono::milliseconds{tried->attempt.milliseconds}, slow);
  EXPECT_GE(tried->attempt.at - begun, slow - 1ms);
}

TEST(DeliveryTransport, AnAddressThatIsNotAllowedIsRefusedAndNeverAsked) {
  const ScriptedServer server{{{.bytes = tests::answer("200 OK", "")}}};
  auto config = with_webhooks();
  config.webhook.allow.clear();
  const auto tried =
      transport_of(config)->send(webhook_to(fmt::format("http://127.0.0.1:{}/", server.port())));
  ASSERT_TRUE(tried);
  EXPECT_EQ(tried->verdict, DeliveryVerdict::refused);
  EXPECT_EQ(tried->attempt.status, 0U) << "which is what nobody takes for a silent receiver";
  EXPECT_EQ(server.requests(), 0U);
}

TEST(DeliveryTransport, AuthoritiesForMailMeanThatNoneGoesWithoutTls) {
  tunnel::tests::MadeCertificates certificates;
  const tests::MailReceiver without_tls;
  Config config;
  config.email = {.server = fmt::format("smtp://127.0.0.1:{}", without_tls.port()),
                  .from = "darkroom@example.com"};
  auto mail = webhook_to("ann@example.com");
  mail.channel = "email";
  const auto as_usual = transport_of(config)->send(mail);
  ASSERT_TRUE(as_usual);
  EXPECT_EQ(as_usual->verdict, DeliveryVerdict::delivered) << as_usual->attempt.error;
  config.email.ca_file = certificates.node("localhost").ca;
  const auto tried = transport_of(config)->send(mail);
  ASSERT_TRUE(tried);
  EXPECT_EQ(tried->verdict, DeliveryVerdict::retry);
  EXPECT_THAT(tried->attempt.error, HasSubstr("offers no TLS"));
}

TEST(DeliveryTransport, WhatCannotBeSignedWaitsRatherThanFails) {
  auto config = with_webhooks();
  config.webhook.secret.clear();
  config.email = {.server = "smtp://127.0.0.1:1", .from = "a@example.com"};
  const ScriptedServer server{{{.bytes = tests::answer("200 OK", "")}}};
  EXPECT_FALSE(
      transport_of(config)->send(webhook_to(fmt::format("http://127.0.0.1:{}/", server.port()))));
  EXPECT_EQ(server.requests(), 0U);
  // And so does mail without a server.
  auto mail = webhook_to("ann@example.com");
  mail.channel = "email";
  EXPECT_FALSE(transport_of(with_webhooks())->send(mail));
}

TEST(DeliveryTransport, IsNoneWithoutASecretAndAServerOfMail) {
  EXPECT_EQ(transport_of({}), nullptr);
}

TEST(DeliveryTransport, SaysWhichFileOfAuthoritiesIsNone) {
  const tests::TemporaryFolder folder;
  const auto file = folder.path() / "ca.pem";
  const auto error_with = [&](auto set) {
    auto config = with_webhooks();
    set(config);
    const auto made = make_delivery_transport(config, [] { return http::ViewOptions{}; });
    return made ? std::string{} : made.error();
  };
  const auto webhooks = [&](Config& config) { config.webhook.ca_file = file; };
  EXPECT_THAT(error_with(webhooks), HasSubstr("webhook.ca_file: " + file.string()));
  std::ofstream{file} << "no certificate\n";
  EXPECT_THAT(error_with(webhooks), HasSubstr("holds no certificate"));
  EXPECT_THAT(error_with([&](Config& config) { config.email.ca_file = file; }),
              HasSubstr("email.ca_file: "));
}

}  // namespace
}  // namespace darkroom::nodes
