#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include "tests/actors/registry_fixture.hpp"

// One line for each event of a job, with its id, once it is durable.

namespace darkroom::actors {
namespace {

using jobs::ErrorKind;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class JobLogTest : public RegistryFixture {
 protected:
  JobLogTest() : before_(spdlog::default_logger()) {
    auto logger = std::make_shared<spdlog::logger>(
        "test", std::make_shared<spdlog::sinks::ostream_sink_st>(text_));
    logger->set_pattern("%l %v");
    spdlog::set_default_logger(logger);
    start_registry();
  }
  ~JobLogTest() override { spdlog::set_default_logger(before_); }

  /// What was logged since the last call.
  std::vector<std::string> lines() {
    std::vector<std::string> found;
    std::istringstream text{text_.str()};
    text_.str({});
    for (std::string line; std::getline(text, line);)
      found.push_back(line);
    return found;
  }

 private:
  std::ostringstream text_;
  std::shared_ptr<spdlog::logger> before_;
};

TEST_F(JobLogTest, TellsOfCompletion) {
  const auto worker = join("anna");
  const auto job = create();
  ASSERT_TRUE(complete(worker, worker.tasks->front()));
  EXPECT_THAT(lines(), Contains(AllOf(StartsWith("info job completed"), HasSubstr("worker=anna"),
                                      HasSubstr("job=" + job.id.to_string()))));
}

TEST_F(JobLogTest, TellsWhereAJobCameFrom) {
  const auto worker = join("anna");
  auto wanted = new_job();
  wanted.request_id = "r-1";
  wanted.trace_parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const auto job = create(wanted);
  EXPECT_EQ(worker.tasks->front().request_id, "r-1");
  ASSERT_TRUE(complete(worker, worker.tasks->front()));
  EXPECT_THAT(
      lines(),
      Contains("info job completed job=" + job.id.to_string() +
               " worker=anna attempt=1 request=r-1 trace=4bf92f3577b34da6a3ce929d0e0e4736"));
}

TEST_F(JobLogTest, CountsTheLeasesThatAWorkerKeepsNotThoseThatItNames) {
  join("anna", 1, {jobs::LeaseToken::generate()});
  EXPECT_THAT(lines(), Contains(AllOf(HasSubstr("worker joined"), HasSubstr("leases_kept=0"))));
}

TEST_F(JobLogTest, TellsOfRetriesAndOfTheEnd) {
  const auto worker = join("anna");
  const auto job = create();
  const auto id = "job=" + job.id.to_string();
  ASSERT_TRUE(fail(worker, worker.tasks->back(), {ErrorKind::transient, "The disk was busy."}));
  EXPECT_THAT(lines(), Contains(AllOf(StartsWith("warning attempt failed: The disk was busy."),
                                      HasSubstr(id), HasSubstr("retry_in_ms=10"))));
  advance(std::chrono::seconds{2});
  ASSERT_EQ(worker.tasks->size(), 2U);
  ASSERT_TRUE(fail(worker, worker.tasks->back(), {ErrorKind::permanent, "Corrupted."}));
  EXPECT_THAT(lines(), Contains(AllOf(StartsWith("warning job failed: Corrupted."), HasSubstr(id),
                                      HasSubstr("attempts=2"))));
}

TEST_F(JobLogTest, TellsOfLostWorkersAndWhatTheyTookAlong) {
  const auto anna = join("anna");
  const auto job = create();
  const auto id = "job=" + job.id.to_string();
  die(anna, "signal 9 (Killed)");
  const auto lost = lines();
  EXPECT_THAT(
      lost, Contains("warning worker lost: its process ended with signal 9 (Killed) worker=anna"));
  EXPECT_THAT(lost, Contains(AllOf(StartsWith("warning attempt lost: "), HasSubstr(id))));

  const auto bert = join("bert");
  ASSERT_TRUE(beat(bert, {bert.tasks->front().token}));
  advance(std::chrono::seconds{10});
  const auto silent = lines();
  EXPECT_THAT(silent,
              Contains(AllOf(StartsWith("warning worker struck off"), HasSubstr("worker=bert"))));
  EXPECT_THAT(silent, Contains(AllOf(StartsWith("warning job failed: "), HasSubstr(id))));
}

TEST_F(JobLogTest, TellsOfJobsHandedBack) {
  const auto anna = join("anna");
  const auto job = create();
  ASSERT_TRUE(ask<atom::done>(registry, atom::leave_v, anna.id));
  EXPECT_THAT(lines(), Contains(AllOf(StartsWith("info job handed back: "),
                                      HasSubstr("job=" + job.id.to_string()))));
}

TEST_F(JobLogTest, SaysNothingOfWhatCouldNotBeWritten) {
  const auto worker = join("anna");
  create();
  store->fail_from(1, persistence::StoreError{persistence::StoreErrorCode::no_space, "it is full"});
  ASSERT_FALSE(complete(worker, worker.tasks->front()));
  const auto refused = lines();
  EXPECT_THAT(refused, Contains("error store refused a write: it is full"));
  EXPECT_THAT(refused, Not(Contains(HasSubstr("job completed"))));
}

TEST_F(JobLogTest, TellsWhyTheServiceIsNotReadyAndWhenItIsAgain) {
  store->fail_from(1,
                   persistence::StoreError{persistence::StoreErrorCode::unwritable, "read-only"});
  ASSERT_FALSE(ask<ServiceStatus>(registry, atom::status_v)->store_writable);
  EXPECT_THAT(lines(), Contains("error store refused a write: read-only"));
  advance(std::chrono::seconds{2});
  ASSERT_FALSE(ask<ServiceStatus>(registry, atom::status_v)->store_writable);
  EXPECT_TRUE(lines().empty()) << "once is enough";
  store->heal();
  advance(std::chrono::seconds{2});
  ASSERT_TRUE(ask<ServiceStatus>(registry, atom::status_v)->store_writable);
  EXPECT_THAT(lines(), Contains("info store takes writes again"));
}

}  // namespace
}  // namespace darkroom::actors
