#include <chrono>
#include <fstream>
#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "tests/cluster/free_port.hpp"
#include "tests/cluster/pictures.hpp"
#include "tests/cluster/service_process.hpp"
#include "tests/cluster/webhook_receiver.hpp"
#include "tests/http/test_certificate.hpp"
#include "tests/tunnel/made_certificates.hpp"

// The real program and receivers of webhooks that speak HTTPS.

namespace darkroom::cluster {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

struct Listed {
  std::string status;
  bool is_to_be_tried = false;
  std::vector<std::string> errors;
};

class WebhookTls : public testing::Test {
 protected:
  WebhookTls() {
    std::ofstream{folder_.path() / "secret"}
        << "whsec_c29tZSBtb3JlIGJ5dGVzIHRoYXQgbWFrZSBhIGtleS4=\n";
  }

  /// Believes the authority of `certificates_`.
  [[nodiscard]] ServiceProcess start() {
    return ServiceProcess{folder_.path() / "data",
                          1,
                          {"--webhook-url=https://localhost:" + std::to_string(port_) + "/hook",
                           "--webhook-secret-file=" + (folder_.path() / "secret").string(),
                           "--webhook-allow=127.0.0.1,::1",
                           "--webhook-ca-file=" + (certificates_.folder() / "ca.pem").string()}};
  }

  static std::string complete_job(const ServiceProcess& service) {
    const auto id = service.client().create_job("small.jpg", jpeg_of(quadrants(60, 40)));
    EXPECT_EQ(service.client().wait_for_end(id).status, "completed");
    return id;
  }

  static Listed delivery_of(const ServiceProcess& service, const std::string& job) {
    const auto answer = service.client().get("/v1/jobs/" + job + "/deliveries");
    rapidjson::Document document;
    document.Parse(answer.body.c_str());
    Listed listed;
    if (document.HasParseError() || document["deliveries"].Size() != 1) return listed;
    const auto& one = document["deliveries"][0];
    listed.status = one["status"].GetString();
    listed.is_to_be_tried = one["next_try_at"].IsString();
    for (const auto& attempt : one["tries"].GetArray())
      listed.errors.emplace_back(attempt["error"].IsNull() ? "" : attempt["error"].GetString());
    return listed;
  }

  /// One whose receiver has this certificate is tried again, and the error says why.
  void expect_refused(const ServiceProcess& service, const ReceiverTls& tls,
                      const std::string& why) const {
    const WebhookReceiver receiver{port_, [](const auto&) { return 200; }, tls};
    const auto job = complete_job(service);
    ASSERT_TRUE(eventually([&] { return !delivery_of(service, job).errors.empty(); }));
    const auto listed = delivery_of(service, job);
    EXPECT_EQ(listed.status, "pending");
    EXPECT_TRUE(listed.is_to_be_tried);
    EXPECT_THAT(listed.errors.front(),
                StartsWith("There is no TLS connection to localhost that can be trusted: "));
    EXPECT_THAT(listed.errors.front(), HasSubstr(why));
    EXPECT_THAT(receiver.received(), IsEmpty());
  }

  static ReceiverTls tls_of(const tunnel::TlsFiles& files) {
    return {.certificate = files.certificate, .key = files.key};
  }

  tests::TemporaryFolder folder_;
  tunnel::tests::MadeCertificates certificates_;
  int port_ = free_port();
};

TEST_F(WebhookTls, ACertificateThatNobodyCanTrustIsSaidToBeSoAndTriedAgain) {
  const ServiceProcess service = start();
  const http::TestCertificate own;
  expect_refused(service, {.certificate = own.certificate(), .key = own.key()}, "self-signed");
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  expect_refused(service, tls_of(certificates_.node("localhost", now - 48h, now - 24h)),
                 "has expired");
  expect_refused(service, tls_of(certificates_.node("elsewhere")), "localhost");
}

TEST_F(WebhookTls, OnceTheCertificateIsMendedItIsDelivered) {
  const ServiceProcess service = start();
  std::string job;
  {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const WebhookReceiver receiver{port_, [](const auto&) { return 200; },
                                   tls_of(certificates_.node("localhost", now - 48h, now - 24h))};
    job = complete_job(service);
    ASSERT_TRUE(eventually([&] { return !delivery_of(service, job).errors.empty(); }));
  }
  const WebhookReceiver receiver{port_, [](const auto&) { return 200; },
                                 tls_of(certificates_.node("localhost"))};
  ASSERT_TRUE(eventually([&] { return delivery_of(service, job).status == "delivered"; }));
  EXPECT_THAT(delivery_of(service, job).errors, SizeIs(2));
  EXPECT_THAT(receiver.received(), SizeIs(1));
}

}  // namespace
}  // namespace darkroom::cluster
