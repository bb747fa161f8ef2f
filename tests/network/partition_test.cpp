#include <csignal>

#include "tests/cluster/pictures.hpp"
#include "tests/network/cluster_of_hosts.hpp"

// Cables that are cut, slow or lossy, and machines that die.

namespace darkroom::network {
namespace {

using cluster::eventually;
using cluster::jpeg_of;
using cluster::large_picture;
using cluster::ppm_of;
using cluster::quadrants;
using namespace std::chrono_literals;

class PartitionTest : public ClusterOfHosts {
 protected:
  std::vector<std::string> upload(int count) {
    std::vector<std::string> ids;
    for (int i = 0; i < count; ++i)
      ids.push_back(client().create_job("small.jpg", jpeg_of(quadrants(400, 300))));
    return ids;
  }

  /// A job that a worker is at, and the node of that worker.
  std::pair<std::string, std::string> start_long_job() {
    const auto id = client().create_job("large.ppm", ppm_of(large_picture()));
    const auto worker = client().wait_for_worker(id).value_or("");
    return {id, worker.substr(0, worker.rfind('-'))};
  }

  /// Silence is noticed sooner than by default, for the test's sake.
  static Arguments impatient() {
    return {"--jobs-lease=3s", "--node-peer-timeout=3s", "--worker-heartbeat=500ms"};
  }

  void start(int workers) {
    start_coordinator(impatient());
    start_ingest("ingest", impatient());
    for (int i = 1; i <= workers; ++i)
      start_worker("w" + std::to_string(i), 1, impatient());
    ASSERT_TRUE(comes_to_workers(static_cast<std::uint64_t>(workers)));
  }
};

TEST_F(PartitionTest, JobsOfAMachineThatVanishesRunElsewhereAndItComesBack) {
  start(2);
  const auto [id, name] = start_long_job();
  ASSERT_NE(name, "") << "the job ended unseen";
  node(name).host->cut();
  ASSERT_TRUE(comes_to_workers(1));
  ASSERT_TRUE(all_complete({id}));
  const auto job = client().job(id);
  EXPECT_NE(job.attempts.back().worker.substr(0, name.size()), name);
  EXPECT_TRUE(all_complete(upload(3)));
  node(name).host->heal();
  EXPECT_TRUE(comes_to_workers(2));
  EXPECT_TRUE(all_complete(upload(6)));
}

TEST_F(PartitionTest, AConnectionThatIsResetIsMadeAgain) {
  start(2);
  const auto [id, name] = start_long_job();
  ASSERT_NE(name, "") << "the job ended unseen";
  if (!node(name).host->reset_connections()) GTEST_SKIP() << "there is no iptables that works";
  ASSERT_TRUE(comes_to_workers(1));
  ASSERT_TRUE(node(name).host->stop_resetting());
  EXPECT_TRUE(comes_to_workers(2));
  auto ids = upload(6);
  ids.push_back(id);
  EXPECT_TRUE(all_complete(ids));
}

TEST_F(PartitionTest, ALossyNetworkSlowsThingsDownAndBreaksNothing) {
  start(3);
  bool lossy = true;
  for (const char* name : {"coordinator", "ingest", "w1", "w2"})
    lossy = node(name).host->lose_packets(2) && lossy;
  if (!lossy) GTEST_SKIP() << "there is no iptables that works";
  EXPECT_TRUE(all_complete(upload(20)));
}

TEST_F(PartitionTest, ASlowNetworkSlowsThingsDownAndBreaksNothing) {
  start(3);
  for (const char* name : {"coordinator", "w1", "w2", "w3"}) {
    if (!node(name).host->delay_packets(30)) GTEST_SKIP() << "this kernel has no netem";
  }
  EXPECT_TRUE(all_complete(upload(20)));
}

TEST_F(PartitionTest, ANarrowNetworkSlowsThingsDownAndBreaksNothing) {
  start(2);
  for (const char* name : {"coordinator", "w1", "w2"}) {
    if (!node(name).host->narrow(8)) GTEST_SKIP() << "this kernel has no tbf";
  }
  auto ids = upload(10);
  // Takes a worker seconds to fetch, through which its heartbeats must get.
  ids.push_back(client().create_job("photo.ppm", ppm_of(quadrants(1'200, 900))));
  ASSERT_TRUE(all_complete(ids));
  EXPECT_EQ(client().job(ids.back()).attempts.size(), 1U);
}

TEST_F(PartitionTest, WhatWasAcknowledgedOutlivesTheCoordinator) {
  start(2);
  const auto [running, name] = start_long_job();
  ASSERT_NE(name, "") << "the job ended unseen";
  auto ids = upload(10);
  end("coordinator", SIGKILL);
  EXPECT_TRUE(eventually([&] { return client().get("/readyz").status == 503; }));
  EXPECT_EQ(client().upload("a.jpg", jpeg_of(quadrants(40, 30))).status, 503);
  start_coordinator(impatient());
  EXPECT_TRUE(comes_to_workers(2));
  ids.push_back(running);
  EXPECT_TRUE(all_complete(ids));
  // It went on meanwhile.
  EXPECT_EQ(client().job(running).attempts.size(), 1U);
}

TEST_F(PartitionTest, AnIngestNodeHasNothingToLose) {
  start(1);
  const auto ids = upload(5);
  end("ingest", SIGKILL);
  start_ingest("ingest", impatient());
  ASSERT_TRUE(eventually([&] { return client().get("/readyz").status == 200; }));
  EXPECT_TRUE(all_complete(ids));
}

TEST_F(PartitionTest, AWorkerThatIsStartedAgainTakesTheNameOfItsGhost) {
  start(1);
  // Its machine loses its power: nobody is told that it is gone.
  node("w1").host->cut();
  end("w1", SIGKILL);
  node("w1").host->heal();
  start_worker("w1", 1, impatient());
  EXPECT_TRUE(all_complete(upload(3)));
}

}  // namespace
}  // namespace darkroom::network
