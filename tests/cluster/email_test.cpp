#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cluster/pictures.hpp"
#include "tests/cluster/service_process.hpp"
#include "tests/outbound/mail_receiver.hpp"
#include "tests/tunnel/made_certificates.hpp"

namespace darkroom::cluster {
namespace {

using testing::HasSubstr;

class Email : public testing::Test {
 protected:
  /// One that sends to this server.
  [[nodiscard]] ServiceProcess start(const std::string& server,
                                     const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"--email-server=" + server,
                                       "--email-from=pictures@example.com",
                                       "--email-to=ops@example.com"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return ServiceProcess{folder_.path() / "data", 1, arguments};
  }

  static std::string complete_job(const ServiceProcess& service) {
    return service.client().create_job("small.jpg", jpeg_of(quadrants(60, 40)));
  }

  static std::string deliveries(const ServiceProcess& service, const std::string& job) {
    return service.client().get("/v1/jobs/" + job + "/deliveries").body;
  }

  static bool comes_to_say(const ServiceProcess& service, const std::string& job,
                           const std::string& text) {
    return eventually([&] { return deliveries(service, job).find(text) != std::string::npos; });
  }

  tests::TemporaryFolder folder_;
};

TEST_F(Email, TellsOfTheEndOfAJob) {
  const tests::MailReceiver receiver;
  const ServiceProcess service = start("smtp://127.0.0.1:" + std::to_string(receiver.port()));
  const auto id = complete_job(service);
  ASSERT_TRUE(eventually([&] { return !receiver.mails().empty(); }));
  const auto mail = receiver.mails().front();
  EXPECT_THAT(mail.from, HasSubstr("pictures@example.com"));
  EXPECT_THAT(mail.to, HasSubstr("ops@example.com"));
  EXPECT_THAT(mail.data, HasSubstr("Subject: Picture done: small.jpg"));
  EXPECT_TRUE(comes_to_say(service, id, "\"status\":\"delivered\""));
  EXPECT_THAT(deliveries(service, id),
              HasSubstr("\"channel\":\"email\",\"target\":\"ops@example.com\""));
}

TEST_F(Email, GoesOutEncryptedToAServerThatIsBelieved) {
  tunnel::tests::MadeCertificates certificates;
  const auto files = certificates.node("localhost");
  const auto ca_file = "--email-ca-file=" + files.ca.string();
  for (const bool at_once : {true, false}) {
    const tests::MailReceiver receiver{
        {}, {{.certificate = files.certificate, .key = files.key, .at_once = at_once}}};
    const auto server =
        (at_once ? "smtps://localhost:" : "smtp://localhost:") + std::to_string(receiver.port());
    {
      const ServiceProcess service = start(server, {ca_file});
      const auto job = complete_job(service);
      ASSERT_TRUE(comes_to_say(service, job, "\"status\":\"delivered\""))
          << deliveries(service, job);
      ASSERT_TRUE(eventually([&] { return !receiver.mails().empty(); }));
      EXPECT_TRUE(receiver.mails().front().encrypted);
    }
    const auto before = receiver.mails().size();
    const tunnel::tests::MadeCertificates others;
    const ServiceProcess service =
        start(server, {"--email-ca-file=" + (others.folder() / "ca.pem").string()});
    const auto job = complete_job(service);
    EXPECT_TRUE(comes_to_say(
        service, job, "There is no TLS connection to the mail server that can be trusted: "));
    EXPECT_THAT(deliveries(service, job), HasSubstr("\"status\":\"pending\""));
    EXPECT_EQ(receiver.mails().size(), before);
  }
}

}  // namespace
}  // namespace darkroom::cluster
