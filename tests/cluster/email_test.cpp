#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cluster/pictures.hpp"
#include "tests/cluster/service_process.hpp"
#include "tests/outbound/mail_receiver.hpp"

namespace darkroom::cluster {
namespace {

using testing::HasSubstr;

TEST(Email, TellsOfTheEndOfAJob) {
  const tests::TemporaryFolder folder;
  const tests::MailReceiver receiver;
  const ServiceProcess service{
      folder.path() / "data",
      1,
      {"--email-server=smtp://127.0.0.1:" + std::to_string(receiver.port()),
       "--email-from=pictures@example.com", "--email-to=ops@example.com"}};
  const auto id = service.client().create_job("small.jpg", jpeg_of(quadrants(60, 40)));
  ASSERT_TRUE(eventually([&] { return !receiver.mails().empty(); }));
  const auto mail = receiver.mails().front();
  EXPECT_THAT(mail.from, HasSubstr("pictures@example.com"));
  EXPECT_THAT(mail.to, HasSubstr("ops@example.com"));
  EXPECT_THAT(mail.data, HasSubstr("Subject: Picture done: small.jpg"));
  const auto listed = [&] { return service.client().get("/v1/jobs/" + id + "/deliveries").body; };
  EXPECT_TRUE(
      eventually([&] { return listed().find("\"status\":\"delivered\"") != std::string::npos; }));
  EXPECT_THAT(listed(), HasSubstr("\"channel\":\"email\",\"target\":\"ops@example.com\""));
}

}  // namespace
}  // namespace darkroom::cluster
