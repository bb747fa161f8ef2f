#include <csignal>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "tests/cluster/pictures.hpp"
#include "tests/cluster/service_process.hpp"

namespace darkroom::cluster {
namespace {

std::size_t originals(const std::filesystem::path& data) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator{data / "uploads" / "originals"}) {
    if (entry.is_regular_file()) ++count;
  }
  return count;
}

TEST(Idempotency, ARepeatedUploadIsOneJobAlsoAfterTheServiceWasKilled) {
  const tests::TemporaryFolder folder;
  const auto data = folder.path() / "data";
  const std::string picture = jpeg_of(quadrants(640, 480));
  std::string location;
  {
    ServiceProcess service{data};
    const Answer first = service.client().upload("holiday.jpg", picture, "key-1");
    ASSERT_EQ(first.status, 201) << first.body;
    location = first.location;
    const Answer second = service.client().upload("holiday.jpg", picture, "key-1");
    EXPECT_EQ(second.status, 200) << second.body;
    EXPECT_EQ(second.location, location);
    service.program().send(SIGKILL);
    ASSERT_EQ(service.program().wait_for_exit(), 128 + SIGKILL);
  }
  const ServiceProcess service{data};
  const ApiClient& client = service.client();
  const Answer third = client.upload("holiday.jpg", picture, "key-1");
  EXPECT_EQ(third.status, 200) << third.body;
  EXPECT_EQ(third.location, location);
  EXPECT_EQ(originals(data), 1U);

  const Answer other = client.upload("holiday.jpg", jpeg_of(quadrants(480, 640)), "key-1");
  EXPECT_EQ(other.status, 422) << other.body;
  EXPECT_EQ(originals(data), 1U);

  const JobReport job = client.wait_for_end(parse_job_report(third.body).id);
  EXPECT_EQ(job.status, "completed") << job.error_message;
  const Answer last = client.upload("holiday.jpg", picture, "key-1");
  EXPECT_EQ(last.status, 200);
  EXPECT_EQ(last.body, client.get(location).body);
}

}  // namespace
}  // namespace darkroom::cluster
