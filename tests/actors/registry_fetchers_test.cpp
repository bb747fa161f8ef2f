#include <memory>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include "tests/actors/registry_fixture.hpp"

// What the registry makes of jobs whose pictures are to be fetched, and of workers that fetch them
// or do not: what operators see, and what nodes scale by.

namespace darkroom::actors {
namespace {

using std::chrono::seconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class RegistryFetchersTest : public RegistryFixture {
 protected:
  RegistryFetchersTest() : before_(spdlog::default_logger()) {
    auto logger = std::make_shared<spdlog::logger>(
        "test", std::make_shared<spdlog::sinks::ostream_sink_st>(text_));
    logger->set_pattern("%l %v");
    spdlog::set_default_logger(logger);
    start_registry();
  }
  ~RegistryFetchersTest() override { spdlog::set_default_logger(before_); }

  /// What was logged since the last call.
  std::string log() {
    const auto text = text_.str();
    text_.str({});
    return text;
  }

  jobs::Job create_source() {
    auto job = new_job();
    job.source_url = "https://example.org/a.png";
    return create(job);
  }

  QueueStatus queue() { return ask<ServiceStatus>(registry, atom::status_v)->queues.at(0); }

  /// For so long, as often as a worker gives a sign of life.
  void live(const ScriptedWorker& worker, seconds time) {
    for (seconds passed{0}; passed < time; passed += seconds{2}) {
      ASSERT_TRUE(beat(worker, {}));
      advance(seconds{2});
    }
  }

 private:
  std::ostringstream text_;
  std::shared_ptr<spdlog::logger> before_;
};

TEST_F(RegistryFetchersTest, CountsAmongTheWorkersOfAQueueThoseThatFetch) {
  join("anna", 2, {}, 1, 0);
  create_source();
  EXPECT_EQ(queue().workers, 1U);
  EXPECT_EQ(queue().slots, 2U);
  EXPECT_EQ(queue().fetchers, 0U);
  EXPECT_EQ(queue().ready, 1U);
  EXPECT_EQ(queue().to_fetch, 1U);
  const auto bert = join("bert", 1, {}, 1, 1);
  EXPECT_EQ(bert.tasks->size(), 1U);
  EXPECT_EQ(queue().workers, 2U);
  EXPECT_EQ(queue().fetchers, 1U);
  EXPECT_EQ(queue().ready, 0U);
  EXPECT_EQ(queue().to_fetch, 0U);
  ASSERT_TRUE(ask<WorkerList>(registry, atom::drain_v, std::string{"bert"}, true));
  EXPECT_EQ(queue().fetchers, 0U);
}

TEST_F(RegistryFetchersTest, WarnsOnceOfJobsThatNobodyFetches) {
  const auto anna = join("anna", 1, {}, 1, 0);
  create_source();
  live(anna, seconds{6});
  EXPECT_THAT(log(), Not(HasSubstr("fetch"))) << "somebody may be about to join";
  live(anna, seconds{4});
  EXPECT_THAT(log(), AllOf(HasSubstr("warning jobs wait for their pictures to be fetched"),
                           HasSubstr("queue=default")));
  create_source();
  live(anna, seconds{20});
  EXPECT_THAT(log(), Not(HasSubstr("fetch"))) << "once is enough";

  const auto bert = join("bert", 1, {}, 1, 2);
  live(anna, seconds{2});
  EXPECT_EQ(bert.tasks->size(), 2U);
  EXPECT_THAT(log(), HasSubstr("info no job waits any more for a worker that fetches queue=defau"));
  lose(bert);
  live(anna, seconds{12});
  EXPECT_THAT(log(), HasSubstr("warning jobs wait for their pictures")) << "it is so again";
}

TEST_F(RegistryFetchersTest, WarnsOfNothingWhereAnOperatorHoldsTheQueue) {
  ASSERT_TRUE(ask<atom::done>(registry, atom::pause_v, std::string{"default"}, true));
  const auto anna = join("anna", 1, {}, 1, 0);
  create_source();
  live(anna, seconds{20});
  EXPECT_THAT(log(), Not(HasSubstr("fetch")));
}

}  // namespace
}  // namespace darkroom::actors
