#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/http/event_follower.hpp"
#include "tests/http/job_with_files.hpp"
#include "tests/http/test_server.hpp"

// What GET /v1/events tells a client that was away for long.

namespace darkroom::http {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class EventGaps : public testing::Test {
 protected:
  static Options two_old_ends() {
    Options options;
    options.max_replay = 2;
    return options;
  }

  /// A batch of jobs that wait.
  actors::CreatedBatch make_batch(std::size_t count) {
    actors::NewBatch wanted{.id = jobs::JobId::generate(jobs::system_now()), .jobs = {}};
    for (std::size_t i = 0; i < count; ++i) {
      actors::NewJob job;
      job.id = jobs::JobId::generate(jobs::system_now());
      job.preset = "default";
      wanted.jobs.push_back(std::move(job));
    }
    return server_.jobs().create_batch(std::move(wanted)).value();
  }
  /// Who comes again after a long time, to follow a batch.
  [[nodiscard]] Follower follow(const actors::CreatedBatch& created) const {
    return {server_.port(), "/v1/events?batch=" + created.batch.id.to_string(),
            "Last-Event-ID: 0\r\n"};
  }
  static void expect_events_of(const jobs::JobId& id, const std::vector<std::string>& kinds,
                               Follower& follower) {
    for (const auto& kind : kinds) {
      // What follows a wrong one would be waited for in vain.
      if (HasFailure()) return;
      EXPECT_THAT(follower.next(),
                  AllOf(HasSubstr("\nevent: " + kind + "\n"), HasSubstr(id.to_string())));
    }
  }

  jobs::JobId failed_job() {
    const auto id = make_job_with_file(server_, "the original").id;
    server_.jobs().fail(id);
    return id;
  }

  TestServer server_{two_old_ends()};
};

TEST_F(EventGaps, SkipNothingThatIsRemembered) {
  for (int i = 0; i < 3; ++i)
    (void)failed_job();
  server_.jobs().forget_events();
  const auto begin = server_.jobs().changes({}).value().upto;
  const std::vector remembered{failed_job(), failed_job()};
  Follower follower{server_.port(), "/v1/events", "Last-Event-ID: 0\r\n"};
  EXPECT_EQ(follower.next(), "retry: 2000");
  for (int i = 0; i < 2; ++i)
    EXPECT_THAT(follower.next(), HasSubstr("\nevent: failed\n"));
  const auto gap = follower.next();
  EXPECT_THAT(gap, HasSubstr("\nevent: gap\n"));
  EXPECT_EQ(id_of(gap), std::to_string(begin));
  for (const auto& id : remembered)
    expect_events_of(id, {"created", "processing", "failed"}, follower);
}

TEST_F(EventGaps, AreNotWhereAllIsRemembered) {
  const auto begin = server_.jobs().changes({}).value().upto;
  std::vector<jobs::JobId> jobs;
  for (int i = 0; i < 4; ++i)
    jobs.push_back(failed_job());
  Follower follower{server_.port(), "/v1/events",
                    "Last-Event-ID: " + std::to_string(begin) + "\r\n"};
  EXPECT_EQ(follower.next(), "retry: 2000");
  for (const auto& id : jobs)
    expect_events_of(id, {"created", "processing", "failed"}, follower);
}

TEST_F(EventGaps, TheEndOfABatchComesBehindThoseOfItsJobsHoweverLongAgo) {
  const auto batch = make_batch(4);
  for (std::size_t i = 0; i < 4; ++i) {
    if (i == 2) server_.jobs().forget_events();
    server_.jobs().fail(batch.jobs[i].id);
  }
  auto follower = follow(batch);
  EXPECT_EQ(follower.next(), "retry: 2000");
  for (const auto i : {0U, 1U})
    expect_events_of(batch.jobs[i].id, {"failed"}, follower);
  EXPECT_THAT(follower.next(), HasSubstr("\nevent: gap\n"));
  for (const auto i : {2U, 3U})
    expect_events_of(batch.jobs[i].id, {"processing", "failed"}, follower);
  EXPECT_THAT(follower.next(), HasSubstr("\nevent: batch.completed\n"));
  EXPECT_TRUE(follower.ended());
}

TEST_F(EventGaps, TheEndOfABatchComesBehindWhatTheNodeItselfRemembers) {
  const auto batch = make_batch(2);
  server_.jobs().fail(batch.jobs[0].id);
  server_.jobs().forget_events();
  Follower other{server_.port(), "/v1/events"};
  EXPECT_EQ(other.next(), "retry: 2000");
  server_.jobs().fail(batch.jobs[1].id);
  expect_events_of(batch.jobs[1].id, {"processing", "failed"}, other);
  auto follower = follow(batch);
  EXPECT_EQ(follower.next(), "retry: 2000");
  expect_events_of(batch.jobs[0].id, {"failed"}, follower);
  expect_events_of(batch.jobs[1].id, {"processing", "failed"}, follower);
  EXPECT_THAT(follower.next(), HasSubstr("\nevent: batch.completed\n"));
  EXPECT_TRUE(follower.ended());
}

TEST_F(EventGaps, TheEndOfABatchWaitsForEndsThatTheStoreHasAndNobodyWasToldOf) {
  const auto batch = make_batch(2);
  server_.jobs().fail(batch.jobs[0].id);
  server_.jobs().withhold_events();
  server_.jobs().fail(batch.jobs[1].id);
  auto follower = follow(batch);
  EXPECT_EQ(follower.next(), "retry: 2000");
  expect_events_of(batch.jobs[0].id, {"created"}, follower);
  expect_events_of(batch.jobs[1].id, {"created"}, follower);
  expect_events_of(batch.jobs[0].id, {"processing", "failed"}, follower);
  server_.jobs().release_events();
  expect_events_of(batch.jobs[1].id, {"processing", "failed"}, follower);
  EXPECT_THAT(follower.next(), HasSubstr("\nevent: batch.completed\n"));
  EXPECT_TRUE(follower.ended());
}

}  // namespace
}  // namespace darkroom::http
