#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cluster/eventually.hpp"
#include "tests/cluster/frozen_process.hpp"
#include "tests/cluster/pictures.hpp"
#include "tests/cluster/service_process.hpp"

// A worker that stands still for good is replaced.

namespace darkroom::cluster {
namespace {

using namespace std::chrono_literals;

TEST(SilentWorker, IsKilledAndReplaced) {
  const tests::TemporaryFolder folder;
  ServiceProcess service{
      folder.path() / "data", 1, {"--jobs-lease=1s", "--worker-heartbeat=300ms"}};
  const ProcessIdentity worker = service.worker("local-1");
  const FrozenProcess frozen{worker};
  // 1 s of silence, then 1 s until the supervisor starts another; the rest is for a busy machine.
  ASSERT_TRUE(eventually([&] { return !is_alive(worker); }, 20s));
  const std::string job = service.client().create_job("small.ppm", ppm_of(quadrants(400, 300)));
  const JobReport report = service.client().wait_for_end(job);
  EXPECT_EQ(report.status, "completed") << report.error_message;
  EXPECT_THAT(service.program().output(),
              ::testing::HasSubstr("it is silent, and there is no other worker=local-1"));
}

TEST(SilentWorker, IsGivenMoreTimeWhileAnotherDoesItsWork) {
  const tests::TemporaryFolder folder;
  ServiceProcess service{
      folder.path() / "data",
      2,
      {"--jobs-lease=1s", "--worker-heartbeat=300ms", "--worker-silent-leases=4"}};
  const ProcessIdentity worker = service.worker("local-1");
  const FrozenProcess frozen{worker};
  ASSERT_TRUE(eventually([&] { return service.client().workers() == 1; }));
  EXPECT_TRUE(is_alive(worker)) << "it has 3 s more";
  ASSERT_TRUE(eventually([&] { return !is_alive(worker); }, 20s));
  EXPECT_THAT(service.program().output(), ::testing::HasSubstr("it is silent worker=local-1"));
  EXPECT_TRUE(eventually([&] { return service.client().workers() == 2; }));
}

}  // namespace
}  // namespace darkroom::cluster
