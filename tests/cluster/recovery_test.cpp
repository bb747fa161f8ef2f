#include <algorithm>
#include <csignal>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/cluster/pictures.hpp"
#include "tests/cluster/service_process.hpp"

namespace darkroom::cluster {
namespace {

TEST(Recovery, AJobSurvivesTheDeathOfItsWorker) {
  const tests::TemporaryFolder folder;
  ServiceProcess service{folder.path() / "data", 2};
  const ApiClient& client = service.client();
  const std::string id = client.create_job("large.ppm", ppm_of(large_picture()));
  const auto name = client.wait_for_worker(id);
  ASSERT_TRUE(name) << "the job ended before its worker could be killed";
  const ProcessIdentity victim = service.worker(*name);
  kill(victim.pid, SIGKILL);

  const JobReport job = client.wait_for_end(id);
  EXPECT_EQ(job.status, "completed") << job.error_message;
  ASSERT_EQ(job.attempts.size(), 2U);
  EXPECT_EQ(job.attempts[0].worker, *name);
  EXPECT_TRUE(job.attempts[0].finished);
  EXPECT_NE(job.attempts[0].error, "");
  EXPECT_EQ(job.attempts[1].error, "");

  EXPECT_TRUE(service.program().wait_for_output(
      "worker lost: its process ended with signal 9 (Killed) worker=" + *name));
  EXPECT_TRUE(eventually([&] { return client.workers() == 2; }));
  EXPECT_FALSE(is_alive(victim));
  EXPECT_EQ(service.program().children().size(), 2U);
}

TEST(Recovery, AKilledServiceGoesOnWhereItWas) {
  const tests::TemporaryFolder folder;
  const auto data = folder.path() / "data";
  std::string finished;
  std::string finished_json;
  std::vector<std::string> unfinished;
  std::vector<ProcessIdentity> workers;
  {
    ServiceProcess service{data};
    const ApiClient& client = service.client();
    finished = client.create_job("small.jpg", jpeg_of(quadrants(400, 300)));
    ASSERT_EQ(client.wait_for_end(finished).status, "completed");
    finished_json = client.get("/v1/jobs/" + finished).body;
    unfinished.push_back(client.create_job("large.ppm", ppm_of(large_picture())));
    for (int i = 0; i < 3; ++i)
      unfinished.push_back(client.create_job("small.jpg", jpeg_of(quadrants(400, 300))));
    ASSERT_TRUE(client.wait_for_worker(unfinished.front())) << "the job ended unseen";
    ASSERT_EQ(client.job(unfinished.back()).status, "pending");
    workers = service.program().children();
    service.program().send(SIGKILL);
    ASSERT_EQ(service.program().wait_for_exit(), 128 + SIGKILL);
  }
  ASSERT_EQ(workers.size(), 1U);
  EXPECT_TRUE(eventually([&] { return !is_alive(workers.front()); }));

  const ServiceProcess service{data};
  EXPECT_EQ(service.client().get("/v1/jobs/" + finished).body, finished_json);
  for (const std::string& id : unfinished) {
    const JobReport job = service.client().wait_for_end(id);
    EXPECT_EQ(job.status, "completed") << job.error_message;
    // Only the first was in a worker's hands, and that attempt is on record.
    EXPECT_EQ(job.attempts.size(), id == unfinished.front() ? 2U : 1U);
    if (id == unfinished.front()) {
      EXPECT_EQ(job.attempts[0].error, "the service stopped while this attempt ran");
    }
  }
}

}  // namespace
}  // namespace darkroom::cluster
