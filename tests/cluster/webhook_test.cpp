#include <atomic>
#include <csignal>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <rapidjson/document.h>

#include "tests/cluster/free_port.hpp"
#include "tests/cluster/pictures.hpp"
#include "tests/cluster/service_process.hpp"
#include "tests/cluster/webhook_receiver.hpp"
#include "tests/files/content_of.hpp"
#include "tests/outbound/mail_receiver.hpp"

// The real program and a receiver of webhooks.

namespace darkroom::cluster {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// In base64, after "whsec_": "some more bytes that make a key."
constexpr std::string_view key = "some more bytes that make a key.";
constexpr const char* secret = "whsec_c29tZSBtb3JlIGJ5dGVzIHRoYXQgbWFrZSBhIGtleS4=";

/// "v1,<base64 of HMAC-SHA256>", reckoned without any code of the service.
std::string expected_signature(const ReceivedWebhook& webhook) {
  const std::string content = webhook.id + "." + webhook.timestamp + "." + webhook.body;
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(content.data()), content.size(), mac, &length);
  unsigned char text[2 * EVP_MAX_MD_SIZE];
  const int written = EVP_EncodeBlock(text, mac, static_cast<int>(length));
  return "v1," +
         std::string{reinterpret_cast<const char*>(text), static_cast<std::size_t>(written)};
}

/// The only delivery about a job.
struct ListedDelivery {
  std::string id;
  std::string event;
  std::string status;
  std::vector<std::string> errors;  ///< Of its tries; empty for one that was taken.
};

class Webhook : public testing::Test {
 protected:
  Webhook() { std::ofstream{folder_.path() / "secret"} << secret << '\n'; }

  [[nodiscard]] ServiceProcess start(const std::string& allow = "127.0.0.1") const {
    return ServiceProcess{folder_.path() / "data",
                          1,
                          {"--webhook-url=http://127.0.0.1:" + std::to_string(port_) + "/hook",
                           "--webhook-secret-file=" + (folder_.path() / "secret").string(),
                           "--webhook-allow=" + allow}};
  }

  /// The id of a job that has ended.
  static std::string complete_job(const ServiceProcess& service) {
    const auto id = service.client().create_job("small.jpg", jpeg_of(quadrants(60, 40)));
    EXPECT_EQ(service.client().wait_for_end(id).status, "completed");
    return id;
  }

  static std::string deliveries_path(const std::string& job) {
    return "/v1/jobs/" + job + "/deliveries";
  }

  static ListedDelivery delivery_of(const ServiceProcess& service, const std::string& job) {
    const auto answer = service.client().get(deliveries_path(job));
    rapidjson::Document document;
    document.Parse(answer.body.c_str());
    ListedDelivery listed;
    if (answer.status != 200 || document.HasParseError()) return listed;
    const auto& all = document["deliveries"];
    EXPECT_EQ(all.Size(), 1U) << answer.body;
    if (all.Size() != 1) return listed;
    const auto& one = all[0];
    listed.id = one["id"].GetString();
    listed.event = one["event"].GetString();
    listed.status = one["status"].GetString();
    for (const auto& attempt : one["tries"].GetArray())
      listed.errors.emplace_back(attempt["error"].IsNull() ? "" : attempt["error"].GetString());
    return listed;
  }

  static bool reaches(const ServiceProcess& service, const std::string& job,
                      const std::string& status) {
    return eventually([&] { return delivery_of(service, job).status == status; });
  }

  tests::TemporaryFolder folder_;
  int port_ = free_port();
};

TEST_F(Webhook, TellsOfTheEndSignedAndOnce) {
  const WebhookReceiver receiver{port_};
  const ServiceProcess service = start();
  const auto job = complete_job(service);
  ASSERT_TRUE(reaches(service, job, "delivered"));
  const auto received = receiver.received();
  ASSERT_THAT(received, SizeIs(1));
  const auto& webhook = received.front();
  const auto listed = delivery_of(service, job);
  EXPECT_EQ(listed.event, "job.completed");
  EXPECT_EQ(webhook.id, listed.id);
  EXPECT_EQ(webhook.content_type, "application/json");
  EXPECT_EQ(webhook.signature, expected_signature(webhook));
  rapidjson::Document document;
  document.Parse(webhook.body.c_str());
  ASSERT_FALSE(document.HasParseError()) << webhook.body;
  EXPECT_STREQ(document["type"].GetString(), "job.completed");
  EXPECT_STREQ(document["data"]["id"].GetString(), job.c_str());
  EXPECT_STREQ(document["data"]["status"].GetString(), "completed");
  EXPECT_EQ(document["data"]["renditions"].Size(), 3U);
}

TEST_F(Webhook, ComesWhenTheReceiverIsBackThoughTheServiceWasKilledMeanwhile) {
  std::string job;
  ListedDelivery before;
  {
    ServiceProcess service = start();
    job = complete_job(service);
    ASSERT_TRUE(eventually([&] { return delivery_of(service, job).errors.size() == 1; }));
    before = delivery_of(service, job);
    EXPECT_EQ(before.status, "pending");
    EXPECT_NE(before.errors.front(), "");
    service.program().send(SIGKILL);
    ASSERT_EQ(service.program().wait_for_exit(), 128 + SIGKILL);
  }
  const WebhookReceiver receiver{port_};
  const ServiceProcess service = start();
  ASSERT_TRUE(reaches(service, job, "delivered"));
  const auto received = receiver.received();
  ASSERT_THAT(received, SizeIs(1));
  EXPECT_EQ(received.front().id, before.id);
  EXPECT_EQ(received.front().signature, expected_signature(received.front()));
  EXPECT_THAT(delivery_of(service, job).errors, testing::ElementsAre(before.errors.front(), ""));
}

TEST_F(Webhook, ComesAgainWhereTheServiceDiedBeforeItCouldNoteThatItCame) {
  std::atomic<pid_t> victim{0};
  const WebhookReceiver receiver{port_, [&](const ReceivedWebhook&) {
                                   if (const auto pid = victim.exchange(0); pid != 0)
                                     kill(pid, SIGKILL);
                                   return 200;
                                 }};
  std::string job;
  {
    ServiceProcess service = start();
    victim = service.program().pid();
    job = service.client().create_job("small.jpg", jpeg_of(quadrants(60, 40)));
    ASSERT_EQ(service.program().wait_for_exit(), 128 + SIGKILL);
  }
  ASSERT_THAT(receiver.received(), SizeIs(1));
  const ServiceProcess service = start();
  ASSERT_TRUE(reaches(service, job, "delivered"));
  const auto received = receiver.received();
  ASSERT_THAT(received, SizeIs(2));
  EXPECT_EQ(received[0].id, received[1].id) << "so that the receiver knows it";
  EXPECT_EQ(received[1].body, received[0].body);
  EXPECT_EQ(received[1].signature, expected_signature(received[1]));
}

TEST_F(Webhook, WaitsWhereTheSecretIsTakenOutUntilThereIsOneAgain) {
  std::string job;
  {
    const ServiceProcess service = start();
    job = complete_job(service);
    ASSERT_TRUE(eventually([&] { return delivery_of(service, job).errors.size() == 1; }));
  }
  {
    const tests::MailReceiver mail;
    const ServiceProcess service{folder_.path() / "data",
                                 1,
                                 {"--email-server=smtp://127.0.0.1:" + std::to_string(mail.port()),
                                  "--email-from=a@example.com", "--email-to=b@example.com"}};
    const auto id = delivery_of(service, job).id;
    EXPECT_EQ(service.client().post(deliveries_path(job) + "/" + id + "/replay").status, 202);
    // What comes behind it is sent, so its turn was there.
    complete_job(service);
    ASSERT_TRUE(eventually([&] { return !mail.mails().empty(); }));
    EXPECT_EQ(delivery_of(service, job).status, "pending");
    EXPECT_THAT(delivery_of(service, job).errors, SizeIs(1));
  }
  const WebhookReceiver receiver{port_};
  const ServiceProcess service = start();
  ASSERT_TRUE(reaches(service, job, "delivered"));
  EXPECT_THAT(receiver.received(), SizeIs(1));
}

TEST_F(Webhook, WorkersAreNotToldWhereItGoes) {
  const ServiceProcess service = start();
  const auto pid = service.worker("local-1").pid;
  const auto arguments = tests::content_of("/proc/" + std::to_string(pid) + "/cmdline");
  EXPECT_THAT(arguments, HasSubstr("--imaging-max-pixels="));
  EXPECT_THAT(arguments, testing::Not(HasSubstr("/hook")));
}

TEST_F(Webhook, GoesToThisMachineOnlyWhereThatIsAllowed) {
  const WebhookReceiver receiver{port_};
  const ServiceProcess service = start("");
  const auto job = complete_job(service);
  ASSERT_TRUE(reaches(service, job, "failed"));
  const auto refused = delivery_of(service, job);
  ASSERT_THAT(refused.errors, SizeIs(1));
  EXPECT_THAT(refused.errors.front(), HasSubstr("loopback"));
  EXPECT_THAT(receiver.received(), IsEmpty());
  const auto again = service.client().post(deliveries_path(job) + "/" + refused.id + "/replay");
  EXPECT_EQ(again.status, 202);
  EXPECT_TRUE(eventually([&] { return delivery_of(service, job).errors.size() == 2; }));
  EXPECT_THAT(receiver.received(), IsEmpty());
}

TEST_F(Webhook, IsSentNoMoreToWhoWantsNoneUnlessByHand) {
  std::atomic<int> status{410};
  const WebhookReceiver receiver{port_, [&](const ReceivedWebhook&) { return status.load(); }};
  const ServiceProcess service = start();
  const auto job = complete_job(service);
  ASSERT_TRUE(reaches(service, job, "disabled"));
  status = 204;
  const auto listed = delivery_of(service, job);
  ASSERT_EQ(service.client().post(deliveries_path(job) + "/" + listed.id + "/replay").status, 202);
  ASSERT_TRUE(reaches(service, job, "delivered"));
  EXPECT_THAT(receiver.received(), SizeIs(2));
}

}  // namespace
}  // namespace darkroom::cluster
