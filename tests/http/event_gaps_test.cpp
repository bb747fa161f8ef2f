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

}  // namespace
}  // namespace darkroom::http
