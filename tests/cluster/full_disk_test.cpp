#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/cluster/pictures.hpp"
#include "tests/cluster/service_process.hpp"
#include "tests/persistence/small_file_system.hpp"

// A disk that fills up under a running service, and has room again.

namespace darkroom::cluster {
namespace {

constexpr std::size_t mib = std::size_t{1} << 20U;

TEST(FullDisk, UploadsAreRefusedAndAcceptedAgainAndNothingAcknowledgedIsLost) {
  const auto disk = persistence::SmallFileSystem::mount(160 * mib);
  if (!disk) GTEST_SKIP() << "mounting a small file system takes root";
  const ServiceProcess service{disk->path() / "data", 1, {"--storage-reserve=16MiB"}};
  const ApiClient& client = service.client();
  const std::string picture = ppm_of(quadrants(1'600, 1'200));

  // Room for some of these, with what is made of them.
  std::vector<std::string> acknowledged;
  Answer answer = client.upload("photo.ppm", picture);
  for (int i = 0; i < 100 && answer.status == 201; ++i) {
    acknowledged.push_back(parse_job_report(answer.body).id);
    answer = client.upload("photo.ppm", picture);
  }
  EXPECT_EQ(answer.status, 507) << answer.body;
  ASSERT_GE(acknowledged.size(), 2U);

  // Nothing is left at all: neither renditions nor job states can be written.
  disk->fill();
  EXPECT_EQ(client.upload("photo.ppm", picture).status, 507);
  EXPECT_EQ(client.get("/healthz").status, 200);

  disk->give_back();
  // The oldest makes room for others, as its client no longer needs it.
  EXPECT_TRUE(
      eventually([&] { return client.remove("/v1/jobs/" + acknowledged.front()).status == 204; }));
  acknowledged.erase(acknowledged.begin());
  const std::string small = jpeg_of(quadrants(400, 300));
  EXPECT_TRUE(eventually([&] {
    answer = client.upload("small.jpg", small);
    return answer.status == 201;
  })) << answer.body;
  if (answer.status == 201) acknowledged.push_back(parse_job_report(answer.body).id);

  for (const auto& id : acknowledged) {
    const JobReport job = client.wait_for_end(id, std::chrono::minutes{2});
    EXPECT_EQ(job.status, "completed") << job.error_message;
    for (const auto& rendition : job.renditions)
      EXPECT_EQ(client.get(rendition.url).body.size(), rendition.bytes);
  }
  EXPECT_EQ(client.get("/readyz").status, 200);
}

}  // namespace
}  // namespace darkroom::cluster
