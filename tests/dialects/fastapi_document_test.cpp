#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cluster/eventually.hpp"
#include "tests/cluster/pictures.hpp"
#include "tests/dialects/document_service.hpp"

// The FastAPI service: its document's commands, and what it prints as their answers.

namespace darkroom::dialects {
namespace {

using testing::AnyOf;
using testing::ElementsAre;

// With the header that it sets by hand, to which curl adds the boundary.
constexpr auto upload_sample = R"(curl -X POST "http://localhost:8000/upload" \
  -H "accept: application/json" \
  -H "Content-Type: multipart/form-data" \
  -F "file=@sample.jpg;type=image/jpeg")";

constexpr auto get_status = R"(TASK_ID="<YOUR_TASK_ID>"
curl -X GET "http://localhost:8000/upload/${TASK_ID}/status")";

constexpr auto get_result = R"(TASK_ID="<YOUR_TASK_ID>"
curl -X GET "http://localhost:8000/upload/${TASK_ID}/result")";

constexpr auto get_file = R"(THUMBNAIL_PATH="/files/processed/a1b2c3d4-.../sample_thumbnail.jpeg"
curl -o final_thumbnail.jpeg "http://localhost:8000${THUMBNAIL_PATH}")";

class FastApiDocument : public testing::Test {
 protected:
  [[nodiscard]] CurlAnswer of(const std::string& commands, const std::string& id) const {
    return service_.run(with(commands, "<YOUR_TASK_ID>", id));
  }

  /// The job's status once it is one of the last.
  [[nodiscard]] std::string end_of(const std::string& id) const {
    std::string status;
    EXPECT_TRUE(cluster::eventually([&] {
      const auto answer = of(get_status, id);
      EXPECT_EQ(answer.status, 200);
      EXPECT_THAT(answer.members(), ElementsAre("task_id", "status"));
      EXPECT_EQ(answer.text("task_id"), id);
      status = answer.text("status");
      EXPECT_THAT(status, AnyOf("PENDING", "PROGRESS", "SUCCESS", "FAILURE"));
      return status == "SUCCESS" || status == "FAILURE";
    }));
    return status;
  }

  DocumentService service_{"http://localhost:8000"};
};

TEST_F(FastApiDocument, AnUploadBecomesItsFiles) {
  service_.write("sample.jpg", good_jpeg());
  const auto created = service_.run(upload_sample);
  EXPECT_EQ(created.status, 200) << created.body;
  EXPECT_THAT(created.members(),
              ElementsAre("id", "task_id", "filename", "status_url", "result_url", "message"));
  const std::string id = created.text("task_id");
  EXPECT_EQ(created.text("id"), id);
  EXPECT_EQ(created.text("filename"), "sample.jpg");
  EXPECT_EQ(created.text("status_url"), "/upload/" + id + "/status");
  EXPECT_EQ(created.text("result_url"), "/upload/" + id + "/result");
  EXPECT_EQ(created.text("message"),
            "File uploaded successfully. Processing started in the background.");

  EXPECT_EQ(end_of(id), "SUCCESS");
  const auto result = of(get_result, id);
  EXPECT_EQ(result.status, 200);
  EXPECT_THAT(result.members(), ElementsAre("status", "result"));
  EXPECT_EQ(result.text("status"), "SUCCESS");
  EXPECT_EQ(result.text("result.resized_compressed"),
            "/files/processed/" + id + "/sample_resized_compressed.jpeg");
  EXPECT_EQ(result.text("result.thumbnail"), "/files/processed/" + id + "/sample_thumbnail.jpeg");

  const auto file = service_.run(with(get_file, "a1b2c3d4-...", id));
  EXPECT_EQ(file.status, 200);
  EXPECT_EQ(cluster::decoded(service_.read("final_thumbnail.jpeg"))->width(), 300U);
  EXPECT_EQ(cluster::decoded(service_.get(result.text("result.resized_compressed")).body)->width(),
            800U);
}

TEST_F(FastApiDocument, TheAddressesOfTheAnswerAreThere) {
  service_.write("sample.jpg", good_jpeg());
  const auto created = service_.run(upload_sample);
  EXPECT_EQ(service_.get(created.text("status_url")).text("task_id"), created.text("task_id"));
  EXPECT_NE(service_.get(created.text("result_url")).text("status"), "");
}

TEST_F(FastApiDocument, TwoUploadsOfOneNameAreTwo) {
  service_.write("sample.jpg", good_jpeg());
  const auto first = service_.run(upload_sample).text("id");
  service_.write("sample.jpg", cluster::jpeg_of(cluster::quadrants(60, 40)));
  const auto second = service_.run(upload_sample).text("id");
  EXPECT_EQ(end_of(first), "SUCCESS");
  EXPECT_EQ(end_of(second), "SUCCESS");
  const auto width = [&](const std::string& id) {
    return cluster::decoded(service_.get(of(get_result, id).text("result.resized_compressed")).body)
        ->width();
  };
  EXPECT_EQ(width(first), 800U);
  EXPECT_EQ(width(second), 60U);
}

TEST_F(FastApiDocument, ACorruptFileFails) {
  service_.write("sample.jpg", corrupt_png());
  const auto id = service_.run(upload_sample).text("id");
  EXPECT_EQ(end_of(id), "FAILURE");
  const auto result = of(get_result, id);
  EXPECT_EQ(result.text("status"), "FAILURE");
  EXPECT_EQ(result.text("result"), "null");
  EXPECT_THAT(result.text("error"), testing::StartsWith("Corrupted image file"));
}

TEST_F(FastApiDocument, WhatIsNoUploadIsRefused) {
  service_.write("sample.jpg", good_jpeg());
  service_.write("empty.jpg", "");
  service_.write("note.txt", "some text");
  const std::string post = "curl -X POST http://localhost:8000/upload ";
  EXPECT_EQ(service_.run(post).status, 422);
  EXPECT_EQ(service_.run(post + "-F picture=@sample.jpg").body,
            "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\",\"file\"],"
            "\"msg\":\"Field required\",\"input\":null}]}\n");
  EXPECT_EQ(service_.run(post + "-F file=sample.jpg").status, 422);
  EXPECT_EQ(service_.run(post + "-F file=@empty.jpg").status, 400);
  EXPECT_EQ(service_.run(post + "-F file=@note.txt").status, 415);
  const auto put = service_.run("curl -X PUT http://localhost:8000/upload");
  EXPECT_EQ(put.status, 405);
  EXPECT_EQ(put.body, "{\"detail\":\"Method Not Allowed\"}\n");
}

TEST_F(FastApiDocument, AnUnknownTaskIsNotFound) {
  for (const auto* path :
       {"/upload/a1b2c3d4/status", "/upload/a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d/result",
        "/files/processed/a1b2c3d4/sample_thumbnail.jpeg"}) {
    const auto answer = service_.get(path);
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_EQ(answer.body, "{\"detail\":\"Not Found\"}\n") << path;
  }
}

}  // namespace
}  // namespace darkroom::dialects
