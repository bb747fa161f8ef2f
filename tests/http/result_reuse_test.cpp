#include <map>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "persistence/sha256.hpp"
#include "tests/http/pictures.hpp"
#include "tests/http/test_server.hpp"

namespace darkroom::http {
namespace {

std::string sha256_of(const std::string& bytes) {
  persistence::Sha256 hash;
  hash.update(std::as_bytes(std::span{bytes}));
  return hash.finish();
}

class ResultReuse : public testing::Test {
 protected:
  // A job whose three renditions a worker has made.
  ResultReuse() {
    const auto response = upload();
    donor_ = jobs::JobId::parse(response.member("id")).value();
    std::vector<jobs::RenditionResult> results;
    const auto donor = server_.jobs().get(donor_).value();
    for (const auto& rendition : donor.renditions) {
      // More than one piece of a copy.
      std::string bytes = rendition.spec.name + std::string(600'000, 'x');
      const auto key = jobs::rendition_key(donor_, rendition.spec, 2);
      server_.put_blob(key, bytes);
      results.push_back({.name = rendition.spec.name,
                         .blob_key = key,
                         .content_type = "image/jpeg",
                         .sha256 = sha256_of(bytes),
                         .bytes = bytes.size(),
                         .width = 4,
                         .height = 3});
      files_[rendition.spec.name] = std::move(bytes);
    }
    server_.jobs().complete(donor_, results);
  }

  [[nodiscard]] RawResponse upload(const std::string& target = "/v1/jobs?reuse=true") const {
    return server_.exchange(form_request(file_part(pnm_picture(4, 3)), target))
        .value_or(RawResponse{});
  }

  [[nodiscard]] jobs::Job job_of(const RawResponse& response) {
    return server_.jobs().get(jobs::JobId::parse(response.member("id")).value()).value();
  }

  [[nodiscard]] std::string first_file_of_donor() {
    return server_.jobs().get(donor_)->renditions.front().blob_key;
  }

  /// The donor's four files, and an original of the new job's own.
  void expect_an_ordinary_job(const RawResponse& response) {
    EXPECT_EQ(response.status, 201) << response.body;
    EXPECT_EQ(response.member("status"), "pending");
    EXPECT_NE(response.body.find(R"("reused_from":null)"), std::string::npos);
    EXPECT_EQ(job_of(response).renditions.front().blob_key, "");
  }

  TestServer server_;
  jobs::JobId donor_;
  std::map<std::string, std::string> files_;
};

TEST_F(ResultReuse, GivesTheNextUploadFinishedResults) {
  const auto response = upload();
  EXPECT_EQ(response.status, 201) << response.body;
  EXPECT_EQ(response.member("status"), "completed");
  EXPECT_EQ(response.member("reused_from"), donor_.to_string());
  const auto job = job_of(response);
  EXPECT_NE(job.id, donor_);
  ASSERT_EQ(job.renditions.size(), files_.size());
  for (const auto& rendition : job.renditions) {
    EXPECT_EQ(rendition.blob_key, jobs::rendition_key(job.id, rendition.spec, 1));
    const auto file = server_.exchange(request_text("GET", "/files/" + rendition.blob_key));
    ASSERT_TRUE(file);
    EXPECT_EQ(file->status, 200);
    EXPECT_TRUE(file->body == files_[rendition.spec.name]) << rendition.spec.name;
  }
}

TEST_F(ResultReuse, LeavesTheNewJobItsFilesWhenTheOldOneGoes) {
  const auto response = upload();
  ASSERT_EQ(server_.exchange(request_text("DELETE", "/v1/jobs/" + donor_.to_string()))->status,
            204);
  EXPECT_EQ(server_.stored_files(), 4U);
  const auto job = job_of(response);
  for (const auto& rendition : job.renditions) {
    const auto file = server_.exchange(request_text("GET", "/files/" + rendition.blob_key));
    ASSERT_TRUE(file);
    EXPECT_EQ(file->status, 200);
  }
}

TEST_F(ResultReuse, IsForUploadsThatAllowIt) {
  expect_an_ordinary_job(upload("/v1/jobs"));
  expect_an_ordinary_job(upload("/v1/jobs?reuse=false"));
}

TEST_F(ResultReuse, IsForTheSameFileAndRenditionsOnly) {
  const auto other =
      server_.exchange(form_request(file_part(pnm_picture(3, 4)), "/v1/jobs?reuse=true"));
  ASSERT_TRUE(other);
  expect_an_ordinary_job(*other);
}

TEST_F(ResultReuse, MakesThemAnewWhereAFileIsGone) {
  ASSERT_TRUE(server_.blobs().remove(first_file_of_donor()));
  expect_an_ordinary_job(upload());
  EXPECT_EQ(server_.stored_files(), 4U);
}

TEST_F(ResultReuse, MakesThemAnewWhereAFileIsDamaged) {
  std::string damaged = files_["thumbnail"];
  damaged.back() = 'y';
  server_.put_blob(server_.jobs().get(donor_)->renditions.back().blob_key, damaged);
  expect_an_ordinary_job(upload());
  // The copies that were good are gone too.
  EXPECT_EQ(server_.stored_files(), 5U);
}

TEST_F(ResultReuse, MakesThemAnewWhereTheDiskIsFull) {
  server_.disk().has_room_for(2);
  expect_an_ordinary_job(upload());
  EXPECT_EQ(server_.stored_files(), 5U);
}

TEST_F(ResultReuse, MakesThemAnewWhereTheyCannotBeTakenOver) {
  server_.jobs().fail_take_over(actors::ServiceErrorCode::wrong_state);
  expect_an_ordinary_job(upload());
  EXPECT_EQ(server_.stored_files(), 5U);
}

TEST_F(ResultReuse, LeavesTheFilesOfAJobThatMayExist) {
  server_.jobs().fail_take_over(actors::ServiceErrorCode::unavailable);
  const auto response = upload();
  EXPECT_EQ(response.status, 503) << response.body;
  EXPECT_EQ(server_.stored_files(), 8U);
}

TEST_F(ResultReuse, OfARepeatedUploadLeavesNothingBehind) {
  const auto send = [this] {
    return server_
        .exchange(request_text("POST", "/v1/jobs?reuse=true",
                               "Content-Type: image/x-portable-pixmap\r\nIdempotency-Key: a\r\n",
                               pnm_picture(4, 3)))
        .value_or(RawResponse{});
  };
  const auto first = send();
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(first.member("status"), "completed");
  const auto second = send();
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(second.body, first.body);
  EXPECT_EQ(server_.stored_files(), 8U);
}

TEST(ResultReuseSetting, CountsForUploadsThatSayNothing) {
  TestServer server{[](Services& services) { services.reuse_results = true; }};
  const std::string file = file_part(pnm_picture(4, 3));
  ASSERT_EQ(server.exchange(form_request(file))->status, 201);
  EXPECT_TRUE(server.jobs().last_upload().reusable);
  ASSERT_EQ(server.exchange(form_request(file, "/v1/jobs?reuse=false"))->status, 201);
  EXPECT_FALSE(server.jobs().last_upload().reusable);
}

}  // namespace
}  // namespace darkroom::http
