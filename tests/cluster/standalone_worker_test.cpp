#include <chrono>
#include <csignal>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/cluster/free_port.hpp"
#include "tests/cluster/pictures.hpp"
#include "tests/cluster/program.hpp"
#include "tests/cluster/service_process.hpp"

namespace darkroom::cluster {
namespace {

using namespace std::chrono_literals;

TEST(StandaloneWorker, WaitsForItsServiceAndStopsWhenTold) {
  const tests::TemporaryFolder folder;
  // Nothing listens on port 1, which only root may open.
  Program worker{{"worker", "--config=none", "--join=127.0.0.1:1", "--name=lone",
                  "--storage-path=" + (folder.path() / "data").string()}};
  ASSERT_TRUE(worker.wait_for_output("waiting for the coordinator"));
  worker.send(SIGTERM);
  EXPECT_EQ(worker.wait_for_exit(3s), 0);
}

TEST(StandaloneWorker, MayNotTakeTheNameOfOneThatTheServiceStarts) {
  Program worker{{"worker", "--config=none", "--join=127.0.0.1:1", "--name=local-1"}};
  EXPECT_EQ(worker.wait_for_exit(5s), 2);
  EXPECT_NE(worker.output().find("give this one another name"), std::string::npos);
}

/// The service with its own worker, and a node beside it that may join under the name "lone", with
/// one worker process.
class StandaloneWorkerTest : public testing::Test {
 protected:
  void start_service() {
    service_.reset();
    service_.emplace(data_, 1,
                     std::vector<std::string>{"--node-join=" + std::to_string(node_port_)});
  }

  /// A job that "lone" works on: the service's own worker stands still with one that came before.
  std::string job_of_lone() {
    kill(service_->worker("local-1").pid, SIGSTOP);
    std::string id;
    for (int i = 0; i < 2; ++i) {
      id = service_->client().create_job("large.ppm", ppm_of(large_picture()));
      (void)service_->client().wait_for_worker(id);
    }
    return service_->client().job(id).worker() == "lone-1" ? id : "";
  }

  tests::TemporaryFolder folder_;
  std::filesystem::path data_ = folder_.path() / "data";
  int node_port_ = free_port();  ///< The same again after a restart.
  std::optional<ServiceProcess> service_;
};

TEST_F(StandaloneWorkerTest, KeepsItsJobOverTheDeathOfTheService) {
  start_service();
  Program worker{{"worker", "--config=none", "--name=lone", "--slots=1",
                  "--join=127.0.0.1:" + std::to_string(node_port_),
                  "--storage-path=" + data_.string()}};
  ASSERT_TRUE(eventually([&] { return service_->client().workers() == 2; }));
  const auto id = job_of_lone();
  ASSERT_NE(id, "") << "the jobs ended unseen";
  // It stands still in the middle of it, while the service dies and comes back.
  const auto process = worker.children().at(0);
  kill(process.pid, SIGSTOP);
  service_->program().send(SIGKILL);
  ASSERT_EQ(service_->program().wait_for_exit(), 128 + SIGKILL);
  start_service();
  EXPECT_EQ(service_->client().job(id).status, "processing");
  kill(process.pid, SIGCONT);
  const JobReport job = service_->client().wait_for_end(id);
  EXPECT_EQ(job.status, "completed") << job.error_message;
  ASSERT_EQ(job.attempts.size(), 1U) << "the worker's lease did not survive";
  EXPECT_EQ(job.attempts[0].worker, "lone-1");
}

}  // namespace
}  // namespace darkroom::cluster
