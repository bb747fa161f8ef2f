#include <gtest/gtest.h>

#include "tests/http/pictures.hpp"
#include "tests/http/test_server.hpp"

namespace darkroom::http {
namespace {

constexpr std::string_view unknown_id = "0190f0c2-7b1a-7c3e-9f00-1a2b3c4d5e6f";
constexpr std::string_view unknown_job = "/v1/jobs/0190f0c2-7b1a-7c3e-9f00-1a2b3c4d5e6f";

TEST(JobRoutes, ShowTheJobAsTheUploadDid) {
  TestServer server;
  const auto created = server.exchange(form_request(file_part(pnm_picture(4, 3))));
  ASSERT_TRUE(created);
  const auto shown = server.exchange(request_text("GET", created->field("location")));
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->status, 200);
  EXPECT_EQ(shown->body, created->body);
  EXPECT_EQ(shown->field("content-type"), "application/json");
  EXPECT_EQ(shown->field("cache-control"), "no-store");
}

TEST(JobRoutes, DeleteTheJobAndItsBlobs) {
  TestServer server;
  const auto created = server.exchange(form_request(file_part(pnm_picture(4, 3))));
  ASSERT_TRUE(created);
  const auto id = jobs::JobId::parse(created->member("id")).value();
  // An attempt that was lost has written one of its renditions.
  server.jobs().start_attempt(id);
  server.put_blob("uploads/resized/" + id.to_string() + "-resized.jpg", "rendition");
  ASSERT_EQ(server.stored_files(), 2U);

  const std::string path = created->field("location");
  const auto removed = server.exchange(request_text("DELETE", path));
  ASSERT_TRUE(removed);
  EXPECT_EQ(removed->status, 204);
  EXPECT_EQ(removed->field("content-length"), "");
  EXPECT_EQ(server.stored_files(), 0U);
  for (const auto* method : {"GET", "DELETE"}) {
    const auto gone = server.exchange(request_text(method, path));
    ASSERT_TRUE(gone);
    EXPECT_EQ(gone->status, 404);
    EXPECT_EQ(gone->problem_code(), "unknown_job");
  }
}

TEST(JobRoutes, KnowNoOtherIds) {
  TestServer server;
  for (const std::string& id : {std::string{unknown_id}, std::string{"42"}, std::string{"%00"},
                                std::string(7'000, 'a'), std::string{".."}}) {
    for (const auto* method : {"GET", "DELETE"}) {
      const auto response = server.exchange(request_text(method, "/v1/jobs/" + id));
      ASSERT_TRUE(response);
      EXPECT_EQ(response->status, 404);
      EXPECT_EQ(response->problem_code(), "unknown_job");
    }
  }
  const auto response = server.exchange(request_text("GET", "/v1/jobs/42"));
  ASSERT_TRUE(response);
  EXPECT_NE(response->member("detail").find("An id looks like"), std::string::npos);
}

TEST(JobRoutes, SayWhenTheServiceIsNotThere) {
  TestServer server;
  server.jobs().fail_all(actors::ServiceErrorCode::unavailable, "The registry restarts.");
  const auto response = server.exchange(request_text("GET", unknown_job));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 503);
  EXPECT_EQ(response->problem_code(), "unavailable");
  EXPECT_EQ(response->field("retry-after"), "2");
}

TEST(JobRoutes, TellNothingOfTheInsideWhenTheyFail) {
  TestServer server;
  server.jobs().throw_from_get();
  const auto response = server.exchange(request_text("GET", unknown_job));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 500);
  EXPECT_EQ(response->problem_code(), "internal");
  EXPECT_EQ(response->body.find("secret"), std::string::npos);
  for (const auto& [name, value] : response->fields) {
    EXPECT_EQ(value.find("secret"), std::string::npos) << name;
  }
}

TEST(JobRoutes, SayThatADamagedRecordWillNotHeal) {
  TestServer server;
  server.jobs().fail_all(actors::ServiceErrorCode::damaged, "/srv/data/jobs: bad checksum");
  const auto response =
      server.exchange(request_text("GET", "/v1/jobs/0190f0c2-7b1a-7c3e-9f00-1a2b3c4d5e6f"));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 500);
  EXPECT_EQ(response->problem_code(), "internal");
  EXPECT_EQ(response->member("retryable"), "false");
  EXPECT_EQ(response->field("retry-after"), "");
  EXPECT_EQ(response->body.find("/srv"), std::string::npos);
}

}  // namespace
}  // namespace darkroom::http
