#include <csignal>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cluster/pictures.hpp"
#include "tests/cluster/service_process.hpp"

// `darkroom queues` and `darkroom workers`, beside a running service.

namespace darkroom::cluster {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

class QueuesCommand : public ::testing::Test {
 protected:
  using Outcome = std::pair<int, std::string>;

  [[nodiscard]] Outcome run(std::vector<std::string> arguments) const {
    arguments.push_back("--storage-path=" + data().string());
    arguments.emplace_back("--config=none");
    Program program{arguments};
    const auto code = program.wait_for_exit();
    return {code.value_or(-1), program.output()};
  }

  [[nodiscard]] std::filesystem::path data() const { return folder_.path() / "data"; }

  /// For a while, in which a job that nothing holds up would end many times over.
  static void expect_to_wait(const ApiClient& client, const std::string& id) {
    std::this_thread::sleep_for(500ms);
    EXPECT_EQ(client.job(id).status, "pending");
  }

  tests::TemporaryFolder folder_;
  std::string picture_ = jpeg_of(quadrants(400, 300));
};

TEST_F(QueuesCommand, JobsOfAPausedQueueWaitAlsoOverTheDeathOfTheService) {
  std::string id;
  {
    ServiceProcess service{data()};
    EXPECT_EQ(run({"queues", "pause", "default"}),
              (Outcome{0,
                       "queue default is paused: what runs goes on, and nothing more is "
                       "begun\n"}));
    id = service.client().create_job("a.jpg", picture_);
    expect_to_wait(service.client(), id);
    const auto [code, list] = run({"queues", "list"});
    EXPECT_EQ(code, 0);
    EXPECT_THAT(list, AllOf(HasSubstr("NAME     WEIGHT  STATE   WAITING"),
                            ContainsRegex("default +1  paused +1 ")));
    EXPECT_THAT(service.client().get("/metrics").body,
                AllOf(HasSubstr("darkroom_queue_length{queue=\"default\"} 1\n"),
                      HasSubstr("darkroom_queue_paused{queue=\"default\"} 1\n"),
                      HasSubstr("darkroom_wanted_slots{queue=\"default\"} 0\n")));
    service.program().send(SIGKILL);
    ASSERT_EQ(service.program().wait_for_exit(), 128 + SIGKILL);
  }
  const ServiceProcess again{data()};
  expect_to_wait(again.client(), id);
  EXPECT_EQ(run({"queues", "resume", "default"}), (Outcome{0, "queue default is open\n"}));
  EXPECT_EQ(again.client().wait_for_end(id).status, "completed");
}

TEST_F(QueuesCommand, ADrainedWorkerGetsNoJobUntilItIsResumed) {
  const ServiceProcess service{data()};
  const auto [drained_code, drained] = run({"workers", "drain", "local-1"});
  EXPECT_EQ(drained_code, 0);
  EXPECT_EQ(drained, "local-1 gets no more jobs, 0 running\n");
  const auto id = service.client().create_job("a.jpg", picture_);
  expect_to_wait(service.client(), id);
  EXPECT_THAT(run({"workers", "list"}).second,
              AllOf(HasSubstr("local-1"), HasSubstr("draining"), HasSubstr("drained: local-1\n")));
  EXPECT_EQ(run({"workers", "resume", "local-1"}).second, "local-1 gets jobs again\n");
  EXPECT_EQ(service.client().wait_for_end(id).status, "completed");
  EXPECT_THAT(run({"workers", "list", "--json"}).second,
              AllOf(HasSubstr(R"({"workers":[{"name":"local-1",)"), HasSubstr(R"("drained":[]})")));
}

TEST_F(QueuesCommand, NamesWhatThereIsWhereANameIsWrong) {
  const ServiceProcess service{data()};
  const auto [queue_code, queue] = run({"queues", "pause", "defualt"});
  EXPECT_EQ(queue_code, 1);
  EXPECT_THAT(queue, HasSubstr("There is no queue \"defualt\". The queues are: default."));
  const auto [worker_code, worker] = run({"workers", "drain", "local-9"});
  EXPECT_EQ(worker_code, 1);
  EXPECT_THAT(worker, HasSubstr("No worker or node called \"local-9\" is here. Here are: local-1"));
}

TEST_F(QueuesCommand, SaysThatNoServiceRuns) {
  for (const auto* command : {"queues", "workers"}) {
    const auto [code, output] = run({command, "list"});
    EXPECT_EQ(code, 2);
    EXPECT_THAT(output, HasSubstr("no service runs on the data folder " + data().string()));
  }
}

}  // namespace
}  // namespace darkroom::cluster
