#include <fstream>

#include "tests/cluster/pictures.hpp"
#include "tests/network/cluster_of_hosts.hpp"
#include "tests/persistence/small_file_system.hpp"

// A coordinator whose disk has less free than is kept for the job store.

namespace darkroom::network {
namespace {

constexpr std::size_t mib = std::size_t{1} << 20U;

class FullDisk : public ClusterOfHosts {};

TEST_F(FullDisk, TakesTheRenditionsOfAcceptedJobsAndRefusesUploads) {
  const auto disk = persistence::SmallFileSystem::mount(96 * mib);
  if (!disk) GTEST_SKIP() << "mounting a small file system takes root";
  node("coordinator").data = disk->path() / "data";
  start_coordinator({"--storage-reserve=48MiB"});
  start_ingest();
  const std::string picture = cluster::jpeg_of(cluster::quadrants(400, 300));
  ASSERT_TRUE(cluster::eventually([&] { return client().get("/healthz").status == 200; }));
  std::string id;
  ASSERT_TRUE(cluster::eventually([&] {
    const auto answer = client().upload("a.jpg", picture);
    if (answer.status == 201) id = cluster::parse_job_report(answer.body).id;
    return !id.empty();
  }));

  // Somebody else's file takes what is above the reserve.
  std::ofstream{disk->path() / "other"} << std::string(64 * mib, 'x');
  EXPECT_EQ(client().upload("b.jpg", picture).status, 507);
  start_worker("w1");
  ASSERT_TRUE(all_complete({id}));
  const auto job = client().job(id);
  ASSERT_FALSE(job.renditions.empty());
  for (const auto& rendition : job.renditions)
    EXPECT_EQ(client().get(rendition.url).body.size(), rendition.bytes);
}

}  // namespace
}  // namespace darkroom::network
