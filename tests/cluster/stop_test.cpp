#include <chrono>
#include <csignal>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/cluster/frozen_process.hpp"
#include "tests/cluster/pictures.hpp"
#include "tests/cluster/service_process.hpp"

namespace darkroom::cluster {
namespace {

using namespace std::chrono_literals;

/// What docker and systemd leave a service before they kill it.
constexpr auto stop_deadline = 10s;

class Stop : public ::testing::Test {
 protected:
  /// Has one job in work and two in the queue.
  void keep_busy(ServiceProcess& service) {
    const ApiClient& client = service.client();
    const std::string small = jpeg_of(quadrants(400, 300));
    jobs_.push_back(client.create_job("large.ppm", ppm_of(large_picture())));
    for (int i = 0; i < 2; ++i)
      jobs_.push_back(client.create_job("small.jpg", small));
    ASSERT_TRUE(client.wait_for_worker(jobs_.front())) << "the job ended unseen";
    ASSERT_EQ(client.job(jobs_.back()).status, "pending");
    workers_ = service.program().children();
  }

  /// The worker itself says how many jobs it had when it was told to stop.
  static void expect_worker_was_busy(const ServiceProcess& service) {
    EXPECT_THAT(service.program().output(),
                ::testing::HasSubstr("draining worker=local-1 running=1"));
  }

  void expect_no_worker_left() const {
    ASSERT_EQ(workers_.size(), 1U);
    EXPECT_TRUE(eventually([&] { return !is_alive(workers_.front()); }, 2s));
  }

  void expect_jobs_kept() const {
    const ServiceProcess service{data_};
    for (const std::string& id : jobs_) {
      const JobReport job = service.client().wait_for_end(id);
      EXPECT_EQ(job.status, "completed") << job.error_message;
    }
  }

  tests::TemporaryFolder folder_;
  std::filesystem::path data_ = folder_.path() / "data";
  std::vector<std::string> jobs_;
  std::vector<ProcessIdentity> workers_;
};

class StopSignal : public Stop, public ::testing::WithParamInterface<int> {};

TEST_P(StopSignal, StopsInOrderWithWorkUnderWay) {
  {
    ServiceProcess service{data_};
    keep_busy(service);
    service.program().send(GetParam());
    EXPECT_EQ(service.program().wait_for_exit(stop_deadline), 0);
    expect_worker_was_busy(service);
    expect_no_worker_left();
  }
  expect_jobs_kept();
}

INSTANTIATE_TEST_SUITE_P(Signals, StopSignal, ::testing::Values(SIGTERM, SIGINT, SIGHUP),
                         [](const auto& signal) {
                           if (signal.param == SIGHUP) return "Sighup";
                           return signal.param == SIGTERM ? "Sigterm" : "Sigint";
                         });

TEST_F(Stop, CtrlCLetsTheWorkersFinish) {
  {
    ServiceProcess service{data_};
    keep_busy(service);
    EXPECT_NE(getpgid(workers_.front().pid), getpgid(service.program().pid()));
    service.program().send_to_group(SIGINT);
    EXPECT_EQ(service.program().wait_for_exit(stop_deadline), 0);
    expect_worker_was_busy(service);
    EXPECT_THAT(service.program().output(), ::testing::Not(::testing::HasSubstr("worker lost")));
    expect_no_worker_left();
  }
  expect_jobs_kept();
}

TEST_F(Stop, ASecondCtrlCEndsAtOnce) {
  ServiceProcess service{data_};
  workers_ = service.program().children();
  ASSERT_EQ(workers_.size(), 1U);
  // A worker that stands still keeps the first Ctrl-C waiting for seconds.
  const FrozenProcess frozen{workers_.front()};
  service.program().send(SIGINT);
  ASSERT_TRUE(service.program().wait_for_output("stopping: Ctrl-C"));
  service.program().send(SIGINT);
  EXPECT_EQ(service.program().wait_for_exit(3s), 128 + SIGINT);
  expect_no_worker_left();
}

}  // namespace
}  // namespace darkroom::cluster
