#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cluster/pictures.hpp"
#include "tests/cluster/service_process.hpp"

namespace darkroom::cluster {
namespace {

using ::testing::HasSubstr;

TEST(ResultReuse, GivesTheSameFilesAtOnce) {
  const tests::TemporaryFolder folder;
  const ServiceProcess service{folder.path() / "data"};
  const ApiClient& client = service.client();
  const std::string picture = jpeg_of(quadrants(1'200, 900));
  const auto upload = [&] { return client.post("/v1/jobs?reuse=true", picture, "image/jpeg"); };

  const Answer first = upload();
  ASSERT_EQ(first.status, 201) << first.body;
  EXPECT_THAT(first.body, HasSubstr(R"("reused_from":null)"));
  const JobReport donor = client.wait_for_end(parse_job_report(first.body).id);
  ASSERT_EQ(donor.status, "completed") << donor.error_message;

  const Answer second = upload();
  ASSERT_EQ(second.status, 201) << second.body;
  const JobReport job = parse_job_report(second.body);
  EXPECT_NE(job.id, donor.id);
  EXPECT_EQ(job.status, "completed");
  EXPECT_TRUE(job.attempts.empty());
  EXPECT_THAT(second.body, HasSubstr("\"reused_from\":\"" + donor.id + '"'));

  ASSERT_EQ(job.renditions.size(), donor.renditions.size());
  std::vector<std::string> files;
  for (std::size_t i = 0; i < job.renditions.size(); ++i) {
    EXPECT_NE(job.renditions[i].url, donor.renditions[i].url);
    files.push_back(client.get(donor.renditions[i].url).body);
    EXPECT_TRUE(client.get(job.renditions[i].url).body == files.back());
  }
  // They are the job's own.
  ASSERT_EQ(client.remove("/v1/jobs/" + donor.id).status, 204);
  for (std::size_t i = 0; i < job.renditions.size(); ++i)
    EXPECT_TRUE(client.get(job.renditions[i].url).body == files[i]);

  const Answer ordinary = client.upload("other.jpg", picture);
  ASSERT_EQ(ordinary.status, 201);
  EXPECT_THAT(ordinary.body, HasSubstr(R"("reused_from":null)"));
  EXPECT_EQ(client.wait_for_end(parse_job_report(ordinary.body).id).attempts.size(), 1U);
}

}  // namespace
}  // namespace darkroom::cluster
