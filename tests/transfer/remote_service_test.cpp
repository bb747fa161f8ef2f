#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "http/server.hpp"
#include "tests/http/in_memory_job_service.hpp"
#include "tests/http/pictures.hpp"
#include "tests/http/raw_client.hpp"
#include "tests/transfer/blob_server.hpp"

namespace darkroom::http {
namespace {

/// The API for clients, on a node that holds no files.
class RemoteService : public testing::Test {
 protected:
  [[nodiscard]] RawResponse send(std::string_view method, const std::string& target,
                                 const std::string& lines = "", const std::string& body = "") {
    return exchange(server_->port(), request_text(method, target, lines, body))
        .value_or(RawResponse{});
  }

  [[nodiscard]] RawResponse upload(const std::string& query = "") {
    return send("POST", "/v1/jobs" + query, "Content-Type: image/x-portable-pixmap\r\n", picture_);
  }

  [[nodiscard]] jobs::Job job_of(const RawResponse& response) {
    return jobs_.get(jobs::JobId::parse(response.member("id")).value()).value();
  }

  /// What a worker makes: a file of 2.5 MB for each rendition.
  void finish(const jobs::Job& job) {
    std::vector<jobs::RenditionResult> results;
    for (const auto& rendition : job.renditions) {
      const std::string bytes = rendition.spec.name + std::string(2'500'000, 'x');
      const auto key = jobs::rendition_key(job.id, rendition.spec, 1);
      files_.put(key, bytes);
      results.push_back({.name = rendition.spec.name,
                         .blob_key = key,
                         .content_type = "image/jpeg",
                         .sha256 = tests::sha256_of(bytes),
                         .bytes = bytes.size(),
                         .width = 4,
                         .height = 3});
    }
    jobs_.complete(job.id, results);
  }

  [[nodiscard]] static Options any_port() {
    Options options;
    options.port = 0;
    return options;
  }

  tests::TemporaryFolder folder_;
  tests::BlobServer files_;
  InMemoryJobService jobs_;
  std::string picture_ = pnm_picture(40, 30);
  std::unique_ptr<persistence::BlobStore> blobs_ =
      persistence::open_remote_blob_store({.urls = files_.urls(),
                                           .port = files_.port(),
                                           .folder = folder_.path(),
                                           .transfer = tests::quick_transfers()})
          .value();
  std::unique_ptr<Server> server_ =
      Server::start(any_port(), Services{.jobs = jobs_, .blobs = *blobs_, .limits = {}}).value();
};

TEST_F(RemoteService, TakesUploadsAndGivesThemBack) {
  const auto created = upload();
  ASSERT_EQ(created.status, 201) << created.body;
  const auto key = job_of(created).original.blob_key;
  EXPECT_TRUE(files_.content(key) == picture_);
  EXPECT_TRUE(send("GET", "/files/" + key).body == picture_);
  EXPECT_EQ(send("GET", "/files/" + key, "Range: bytes=0-1\r\n").body, picture_.substr(0, 2));
  const auto head = exchange(server_->port(), request_text("GET", "/files/" + key));
  EXPECT_EQ(send("GET", "/files/" + key, "If-None-Match: " + head->field("etag") + "\r\n").status,
            304);
  EXPECT_EQ(send("GET", "/files/uploads/resized/none.jpg").status, 404);
}

TEST_F(RemoteService, RemovesTheFilesOfAJob) {
  const auto created = upload();
  const auto job = job_of(created);
  EXPECT_EQ(send("DELETE", "/v1/jobs/" + job.id.to_string()).status, 204);
  EXPECT_FALSE(files_.content(job.original.blob_key));
}

TEST_F(RemoteService, CopiesTheResultsOfAnotherJob) {
  const auto donor = job_of(upload("?reuse=true"));
  finish(donor);
  const auto response = upload("?reuse=true");
  ASSERT_EQ(response.status, 201) << response.body;
  EXPECT_EQ(response.member("status"), "completed");
  const auto job = job_of(response);
  ASSERT_EQ(job.renditions.size(), donor.renditions.size());
  for (const auto& rendition : job.renditions) {
    EXPECT_NE(rendition.blob_key, "");
    EXPECT_TRUE(files_.content(rendition.blob_key) ==
                rendition.spec.name + std::string(2'500'000, 'x'));
  }
}

TEST_F(RemoteService, SaysThatThereIsNoRoomForAnUpload) {
  files_.blobs().is_full();
  const auto refused = upload();
  EXPECT_EQ(refused.status, 507) << refused.body;
  EXPECT_EQ(refused.problem_code(), "store_full");
  EXPECT_EQ(jobs_.size(), 0U);
  files_.blobs().has_room_again();
  EXPECT_EQ(upload().status, 201);
}

}  // namespace
}  // namespace darkroom::http
