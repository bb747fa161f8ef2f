#include <string>

#include <gtest/gtest.h>

#include "tests/http/pictures.hpp"
#include "tests/http/test_server.hpp"

// POST /v1/jobs/{id}/cancel and /v1/jobs/{id}/retry.

namespace darkroom::http {
namespace {

class JobActions : public testing::Test {
 protected:
  JobActions() {
    const auto created = server_.exchange(form_request(file_part(pnm_picture(4, 3))));
    path_ = created->field("location");
    id_ = jobs::JobId::parse(created->member("id")).value();
  }

  [[nodiscard]] RawResponse post(const std::string& action) const {
    return server_.exchange(request_text("POST", path_ + action, "Content-Length: 0\r\n"))
        .value_or(RawResponse{});
  }

  void expect_status_of_job(const std::string& status) const {
    const auto shown = server_.exchange(request_text("GET", path_));
    ASSERT_TRUE(shown);
    EXPECT_EQ(shown->member("status"), status);
  }

  void expect_wrong_state(const std::string& action) const {
    const auto refused = post(action);
    EXPECT_EQ(refused.status, 409) << refused.body;
    EXPECT_EQ(refused.problem_code(), "wrong_state");
    EXPECT_EQ(refused.member("retryable"), "false");
  }

  TestServer server_;
  std::string path_;
  jobs::JobId id_;
};

TEST_F(JobActions, CancelAJobOnceAndForAll) {
  for (int i = 0; i < 2; ++i) {
    const auto cancelled = post("/cancel");
    EXPECT_EQ(cancelled.status, 200) << cancelled.body;
    EXPECT_EQ(cancelled.field("content-type"), "application/json");
    EXPECT_EQ(cancelled.member("id"), id_.to_string());
    EXPECT_EQ(cancelled.member("status"), "cancelled");
  }
  expect_status_of_job("cancelled");
}

TEST_F(JobActions, CancelOneThatRuns) {
  server_.jobs().start_attempt(id_);
  const auto cancelled = post("/cancel");
  EXPECT_EQ(cancelled.status, 200) << cancelled.body;
  EXPECT_NE(cancelled.body.find(R"("outcome":"cancelled")"), std::string::npos) << cancelled.body;
}

TEST_F(JobActions, DoNotCancelWhatHasEnded) {
  server_.jobs().fail(id_);
  expect_wrong_state("/cancel");
  expect_status_of_job("failed");
}

TEST_F(JobActions, RetryWhatHasFailedOrWasCancelled) {
  server_.jobs().fail(id_);
  const auto again = post("/retry");
  EXPECT_EQ(again.status, 200) << again.body;
  EXPECT_EQ(again.member("status"), "pending");
  EXPECT_EQ(post("/cancel").status, 200);
  EXPECT_EQ(post("/retry").status, 200);
  expect_status_of_job("pending");
}

TEST_F(JobActions, DoNotRetryWhatHasNotFailed) {
  expect_wrong_state("/retry");
  server_.jobs().start_attempt(id_);
  expect_wrong_state("/retry");
  expect_status_of_job("processing");
}

TEST_F(JobActions, KnowNoOtherJobs) {
  for (const auto* action : {"/cancel", "/retry"}) {
    for (const auto* id : {"0190f0c2-7b1a-7c3e-9f00-1a2b3c4d5e6f", "42", "%00", "cancel"}) {
      const auto refused =
          server_.exchange(request_text("POST", std::string{"/v1/jobs/"} + id + action));
      ASSERT_TRUE(refused);
      EXPECT_EQ(refused->status, 404) << id;
      EXPECT_EQ(refused->problem_code(), "unknown_job") << id;
    }
  }
}

TEST_F(JobActions, SayWhenTheServiceIsNotThere) {
  server_.jobs().fail_all(actors::ServiceErrorCode::unavailable, "The registry restarts.");
  const auto refused = post("/cancel");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.problem_code(), "unavailable");
}

TEST_F(JobActions, AnswerBeforeABodyThatNobodyWants) {
  RawClient client{server_.port()};
  client.send("POST " + path_ +
              "/cancel HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n");
  const auto response = client.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->field("connection"), "close");
  client.end_sending();
  EXPECT_TRUE(client.closed());
}

TEST_F(JobActions, LeaveTheConnectionOpenWithoutABody) {
  RawClient client{server_.port()};
  for (int i = 0; i < 2; ++i) {
    client.send(request_text("POST", path_ + "/cancel"));
    const auto response = client.receive();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
  }
}

}  // namespace
}  // namespace darkroom::http
