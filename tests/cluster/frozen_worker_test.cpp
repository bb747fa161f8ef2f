#include <chrono>
#include <csignal>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cluster/frozen_process.hpp"
#include "tests/cluster/pictures.hpp"
#include "tests/cluster/service_process.hpp"

// A worker that stands still keeps its connection: only its silence tells.

namespace darkroom::cluster {
namespace {

using namespace std::chrono_literals;

/// From the freeze of its worker to the end of a job: 2 s of lease, up to 250 ms until the registry
/// looks, 1 s until a killed worker is replaced, and a second or two of work. The rest is for a
/// machine that is busy with other tests.
constexpr auto finish_bound = 20s;

class FrozenWorker : public ::testing::Test {
 protected:
  void start(int workers) {
    service_.emplace(folder_.path() / "data", workers,
                     std::vector<std::string>{"--jobs-lease=2s", "--worker-heartbeat=500ms",
                                              // Left alone, however long it stands still.
                                              "--worker-silent-leases=1000"});
  }

  [[nodiscard]] const ApiClient& client() const { return service_->client(); }
  [[nodiscard]] std::string log() { return service_->program().output(); }

  /// Has a job in work that takes its worker a second at least; `job_` and `worker_` tell which.
  void hand_out_a_job() {
    job_ = client().create_job("large.ppm", ppm_of(large_picture()));
    const auto worker = client().wait_for_worker(job_);
    ASSERT_TRUE(worker) << "the job ended unseen";
    worker_ = *worker;
  }

  [[nodiscard]] std::map<std::string, std::string> downloads(const JobReport& job) const {
    std::map<std::string, std::string> files;
    for (const JobReport::Rendition& rendition : job.renditions)
      files[rendition.name] = client().get(rendition.url).body;
    return files;
  }

  /// Gives two workers something to do at once, and says whether this one did any of it.
  [[nodiscard]] bool does_its_part(const std::string& worker) const {
    const std::string picture = ppm_of(quadrants(1200, 900));
    std::vector<std::string> jobs;
    for (int i = 0; i < 2; ++i)
      jobs.push_back(client().create_job("small.ppm", picture));
    bool seen = false;
    for (const std::string& id : jobs) {
      const JobReport job = client().wait_for_end(id);
      EXPECT_EQ(job.status, "completed") << job.error_message;
      EXPECT_EQ(job.attempts.size(), 1U);
      seen = seen || job.attempts.back().worker == worker;
    }
    return seen;
  }

  tests::TemporaryFolder folder_;
  std::optional<ServiceProcess> service_;
  std::string job_;
  std::string worker_;
};

std::size_t count(const std::string& text, const std::string& words) {
  std::size_t times = 0;
  for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1))
    ++times;
  return times;
}

TEST_F(FrozenWorker, ItsJobIsFinishedByAnotherAndOnlyOnce) {
  start(2);
  ASSERT_NO_FATAL_FAILURE(hand_out_a_job());
  FrozenProcess frozen{service_->worker(worker_)};
  ASSERT_EQ(client().job(job_).worker(), worker_) << "the job ended before the worker stood still";

  const JobReport job = client().wait_for_end(job_, finish_bound);
  ASSERT_EQ(job.status, "completed") << job.error_message;
  ASSERT_EQ(job.attempts.size(), 2U);
  EXPECT_EQ(job.attempts[0].worker, worker_);
  EXPECT_EQ(job.attempts[0].error, "the worker fell silent");
  EXPECT_NE(job.attempts[1].worker, worker_);
  EXPECT_EQ(job.attempts[1].error, "");
  EXPECT_EQ(client().workers(), 1U) << "the frozen worker is still counted upon";
  const std::string told = client().get("/v1/jobs/" + job_).body;
  const auto files = downloads(job);

  frozen.wake();
  // It ends its attempt, whose lease it is told is lost, and then works as before.
  EXPECT_TRUE(eventually([this] {
    return log().find("lease lost: its job is stopped job=" + job_) != std::string::npos ||
           log().find("result dropped") != std::string::npos;
  }));
  EXPECT_TRUE(eventually([this] { return does_its_part(worker_); }));

  EXPECT_EQ(client().get("/v1/jobs/" + job_).body, told);
  EXPECT_TRUE(downloads(job) == files);
  EXPECT_EQ(count(log(), "job completed job=" + job_), 1U);
  EXPECT_EQ(client().workers(), 2U);
  EXPECT_EQ(service_->program().children().size(), 2U);
}

TEST_F(FrozenWorker, ThatIsTheOnlyOneIsReplacedAtOnceAndCostsTheJobOneCrashAndNotTwo) {
  start(1);
  ASSERT_NO_FATAL_FAILURE(hand_out_a_job());
  {
    const FrozenProcess frozen{service_->worker(worker_)};
    ASSERT_TRUE(
        eventually([this] { return client().job(job_).status == "pending"; }, finish_bound));
    EXPECT_EQ(client().workers(), 0U);
  }
  // Two crashes would have failed it.
  const JobReport job = client().wait_for_end(job_, finish_bound);
  EXPECT_EQ(job.status, "completed") << job.error_message;
  ASSERT_EQ(job.attempts.size(), 2U);
  EXPECT_EQ(job.attempts[0].error, "the worker fell silent");
}

}  // namespace
}  // namespace darkroom::cluster
