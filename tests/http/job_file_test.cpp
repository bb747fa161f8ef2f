#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/http/job_with_files.hpp"
#include "tests/http/test_server.hpp"

// GET /v1/jobs/{id}/files/{name}

namespace darkroom::http {
namespace {

using testing::HasSubstr;

class JobFile : public testing::Test {
 protected:
  [[nodiscard]] RawResponse get(const std::string& name, std::string_view header_lines = "") const {
    return server_
        .exchange(
            request_text("GET", "/v1/jobs/" + id_.to_string() + "/files/" + name, header_lines))
        .value_or(RawResponse{});
  }

  TestServer server_;
  jobs::JobId id_ = make_job_with_file(server_, "the original", "holiday.png", "png").id;
};

TEST_F(JobFile, IsTheOriginalAtOnce) {
  const auto response = get("original");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "the original");
  EXPECT_EQ(response.field("content-type"), "image/png");
  EXPECT_EQ(response.field("content-disposition"), "inline; filename=\"holiday.png\"");
  EXPECT_EQ(response.field("cache-control"), "private, no-cache");
  EXPECT_EQ(get("original", "If-None-Match: " + response.field("etag") + "\r\n").status, 304);
  EXPECT_EQ(get("original", "Range: bytes=4-\r\n").body, "original");
  EXPECT_EQ(get("original?download=1").field("content-disposition"),
            "attachment; filename=\"holiday.png\"");
}

TEST_F(JobFile, IsARenditionOnceItIsMade) {
  const auto early = get("thumbnail");
  EXPECT_EQ(early.status, 404);
  EXPECT_EQ(early.problem_code(), "unknown_file");
  EXPECT_THAT(early.member("detail"), HasSubstr("not made yet: the job is pending"));
  const auto job = complete_with_files(server_, id_);
  const auto response = get("thumbnail");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "thumbnail.");
  EXPECT_EQ(response.field("content-disposition"), "inline; filename=\"holiday-thumbnail.jpg\"");
  const auto by_key =
      server_.exchange(request_text("HEAD", "/files/" + job.renditions.at(2).blob_key));
  ASSERT_TRUE(by_key);
  EXPECT_EQ(response.field("etag"), by_key->field("etag"));
}

TEST_F(JobFile, IsNoneOfAJobThatFailed) {
  server_.jobs().fail(id_);
  EXPECT_THAT(get("thumbnail").member("detail"), HasSubstr("was not made: the job is failed"));
  EXPECT_EQ(get("original").status, 200);
}

TEST_F(JobFile, NamesThoseThatThereAre) {
  const auto response = get("thumbnial");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.problem_code(), "unknown_file");
  EXPECT_EQ(response.member("detail"),
            "The job has no file 'thumbnial'. Its files are: original, resized, compressed, "
            "thumbnail.");
}

TEST_F(JobFile, IsOfAJobThatThereIs) {
  for (const auto* id : {"0190f0c2-7b1a-7c3e-9f00-1a2b3c4d5e6f", "42", "..."}) {
    const auto response =
        server_.exchange(request_text("GET", "/v1/jobs/" + std::string{id} + "/files/original"));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->problem_code(), "unknown_job") << id;
  }
}

}  // namespace
}  // namespace darkroom::http
