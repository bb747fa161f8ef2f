#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/http/event_follower.hpp"
#include "tests/http/job_with_files.hpp"
#include "tests/http/test_server.hpp"

// GET /v1/jobs/{id}/events, GET /v1/events and Prefer: wait.

namespace darkroom::http {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class Events : public testing::Test {
 protected:
  [[nodiscard]] Follower follow(const jobs::JobId& id, std::string_view lines = "") const {
    return {server_.port(), "/v1/jobs/" + id.to_string() + "/events", lines};
  }
  [[nodiscard]] Follower follow_all(const std::string& query = "",
                                    std::string_view lines = "") const {
    return {server_.port(), "/v1/events" + query, lines};
  }
  [[nodiscard]] RawResponse get(const std::string& target, std::string_view lines = "") const {
    return server_.exchange(request_text("GET", target, lines)).value_or(RawResponse{});
  }
  jobs::JobId make_job() { return make_job_with_file(server_, "the original").id; }

  TestServer server_;
};

TEST_F(Events, OfAJobBeginWithItsStateAndEndWithItsEnd) {
  const auto id = make_job();
  auto follower = follow(id);
  EXPECT_THAT(follower.head(), AllOf(StartsWith("HTTP/1.1 200 OK\r\n"),
                                     HasSubstr("Content-Type: text/event-stream\r\n"),
                                     HasSubstr("Cache-Control: no-store\r\n")));
  EXPECT_EQ(follower.next(), "retry: 2000");
  EXPECT_THAT(follower.next(), AllOf(HasSubstr("\nevent: pending\n"),
                                     HasSubstr("\"status\":\"pending\""), HasSubstr("\"done\":0")));
  server_.jobs().start_attempt(id);
  EXPECT_THAT(follower.next(),
              AllOf(HasSubstr("\nevent: processing\n"), HasSubstr("\"attempt\":1")));
  (void)complete_with_files(server_, id);
  // The attempt is under way already, so this is one change.
  EXPECT_THAT(follower.next(), AllOf(HasSubstr("\nevent: completed\n"), HasSubstr("\"job\":{"),
                                     HasSubstr("\"renditions\":[\"resized\","), EndsWith("}}")));
  EXPECT_TRUE(follower.ended());
}

TEST_F(Events, OfAJobThatHasEndedAreItsEndAtOnce) {
  const auto id = make_job();
  server_.jobs().fail(id);
  for (const std::string& last : {std::string{}, std::string{"Last-Event-ID: 999999\r\n"}}) {
    auto follower = follow(id, last);
    EXPECT_EQ(follower.next(), "retry: 2000");
    EXPECT_THAT(follower.next(), AllOf(HasSubstr("\nevent: failed\n"),
                                       HasSubstr("\"error_message\":\"Corrupted image file")));
    EXPECT_TRUE(follower.ended());
  }
}

TEST_F(Events, OfAJobTellThatItIsDeleted) {
  const auto id = make_job();
  auto follower = follow(id);
  (void)follower.next();
  (void)follower.next();
  ASSERT_TRUE(server_.jobs().remove(id));
  EXPECT_THAT(follower.next(), HasSubstr("\nevent: deleted\n"));
  EXPECT_TRUE(follower.ended());
}

TEST_F(Events, GoOnBehindTheLastOneSeen) {
  const auto id = make_job();
  std::string seen;
  {
    auto follower = follow(id);
    (void)follower.next();
    seen = id_of(follower.next());
  }
  auto follower = follow(id, "Last-Event-ID: " + seen + "\r\n");
  (void)follower.next();
  server_.jobs().start_attempt(id);
  EXPECT_THAT(follower.next(), HasSubstr("\nevent: processing\n"));
}

TEST_F(Events, ReachTheEndAlsoWhereTheServiceForgotWhatHappened) {
  const auto id = make_job();
  auto follower = follow(id);
  (void)follower.next();
  (void)follower.next();
  server_.jobs().fail(id);
  server_.jobs().forget_events();
  EXPECT_THAT(follower.next(), HasSubstr("\nevent: failed\n"));
  EXPECT_TRUE(follower.ended());
}

TEST_F(Events, OfAllJobsAreThoseFromNowOn) {
  (void)make_job();
  auto follower = follow_all();
  EXPECT_EQ(follower.next(), "retry: 2000");
  const auto id = make_job();
  EXPECT_THAT(follower.next(), AllOf(HasSubstr("\nevent: created\n"), HasSubstr(id.to_string())));
  server_.jobs().fail(id);
  EXPECT_THAT(follower.next(), HasSubstr("\nevent: processing\n"));
  EXPECT_THAT(follower.next(), HasSubstr("\nevent: failed\n"));
}

TEST_F(Events, OfAllJobsCanBeThoseOfOneStatus) {
  auto follower = follow_all("?status=failed");
  (void)follower.next();
  const auto id = make_job();
  server_.jobs().fail(id);
  EXPECT_THAT(follower.next(), AllOf(HasSubstr("\nevent: failed\n"), HasSubstr(id.to_string())));
}

TEST_F(Events, OfAllJobsGoOnWithWhatHasEndedWhereTheServiceForgotTheRest) {
  const auto first = make_job();
  const auto second = make_job();
  server_.jobs().fail(second);
  server_.jobs().fail(first);
  server_.jobs().forget_events();
  auto follower = follow_all("", "Last-Event-ID: 1\r\n");
  EXPECT_THAT(follower.next_of(second), HasSubstr("\nevent: failed\n"));
  EXPECT_THAT(follower.next_of(first), HasSubstr("\nevent: failed\n"));
  const auto third = make_job();
  EXPECT_THAT(follower.next_of(third), HasSubstr("\nevent: created\n"));
}

TEST_F(Events, RefuseWhatMakesNoSense) {
  const auto id = make_job();
  const auto path = "/v1/jobs/" + id.to_string() + "/events";
  EXPECT_EQ(get(path, "Last-Event-ID: x\r\n").problem_code(), "invalid_parameter");
  EXPECT_EQ(get("/v1/events?last_event_id=-1").problem_code(), "invalid_parameter");
  EXPECT_THAT(get("/v1/events?state=failed").member("detail"), HasSubstr("'state'"));
  EXPECT_THAT(get("/v1/events?status=done").member("detail"), HasSubstr("completed"));
  EXPECT_EQ(get("/v1/jobs/" + jobs::JobId::generate(jobs::system_now()).to_string() + "/events")
                .problem_code(),
            "unknown_job");
}

TEST(EventsLimit, TellsOfSoManyOldEndsAndThenOfAGap) {
  Options options;
  options.max_replay = 2;
  TestServer server{options};
  std::vector<jobs::JobId> ended;
  for (int i = 0; i < 5; ++i) {
    ended.push_back(make_job_with_file(server, "the original").id);
    server.jobs().fail(ended.back());
  }
  server.jobs().forget_events();
  Follower follower{server.port(), "/v1/events", "Last-Event-ID: 0\r\n"};
  EXPECT_EQ(follower.next(), "retry: 2000");
  std::string last;
  for (int i = 0; i < 2; ++i) {
    last = follower.next();
    EXPECT_THAT(last, AllOf(HasSubstr("\nevent: failed\n"), HasSubstr(ended[i].to_string())));
  }
  const auto gap = follower.next();
  EXPECT_THAT(gap,
              AllOf(HasSubstr("\nevent: gap\n"), HasSubstr("{\"since\":" + id_of(last) + ",")));
  EXPECT_GT(std::stoull(id_of(gap)), std::stoull(id_of(last)));
  const auto later = make_job_with_file(server, "the original").id;
  server.jobs().fail(later);
  for (const char* kind : {"created", "processing", "failed"})
    EXPECT_THAT(follower.next_of(later), HasSubstr("\nevent: " + std::string{kind} + "\n"));
  // Who comes again with the id of the gap is not told of it again.
  Follower again{server.port(), "/v1/events", "Last-Event-ID: " + id_of(gap) + "\r\n"};
  EXPECT_EQ(again.next(), "retry: 2000");
  EXPECT_THAT(again.next(), HasSubstr(later.to_string()));
}

TEST(EventsLimit, TurnsAwayWhoeverIsTooMuch) {
  Options options;
  options.max_streams = 1;
  TestServer server{options};
  {
    Follower one{server.port(), "/v1/events"};
    EXPECT_EQ(one.next(), "retry: 2000");
    const auto refused = server.exchange(request_text("GET", "/v1/events"));
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 503);
    EXPECT_EQ(refused->problem_code(), "too_many_streams");
    EXPECT_EQ(refused->field("retry-after"), "5");
  }
  // Its place is free again soon after it has gone.
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  std::string greeting;
  while (greeting.empty() && std::chrono::steady_clock::now() < until)
    greeting = Follower{server.port(), "/v1/events"}.head().starts_with("HTTP/1.1 200") ? "ok" : "";
  EXPECT_EQ(greeting, "ok");
}

TEST_F(Events, EndWhenTheServerStops) {
  auto follower = follow_all();
  (void)follower.next();
  server_.server().stop(std::chrono::seconds{5});
  EXPECT_TRUE(follower.ended());
}

TEST_F(Events, HoldAnAnswerBackUntilTheEndWhereTheClientPrefersThat) {
  const auto id = make_job();
  RawClient client{server_.port()};
  client.send(request_text("GET", "/v1/jobs/" + id.to_string(), "Prefer: wait=20\r\n"));
  server_.jobs().fail(id);
  const auto answer = client.receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->member("status"), "failed");
  EXPECT_EQ(answer->field("preference-applied"), "wait=20");
}

TEST_F(Events, HoldAnAnswerBackNoLongerThanTheClientPrefers) {
  const auto id = make_job();
  const auto answer = get("/v1/jobs/" + id.to_string(), "Prefer: wait=1\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.member("status"), "pending");
  EXPECT_EQ(answer.field("preference-applied"), "wait=1");
}

}  // namespace
}  // namespace darkroom::http
