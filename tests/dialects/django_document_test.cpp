#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cluster/eventually.hpp"
#include "tests/cluster/pictures.hpp"
#include "tests/dialects/document_service.hpp"

// The job queue made with Django: its document's commands, and what it prints as their answers.

namespace darkroom::dialects {
namespace {

using testing::ElementsAre;

using testing::MatchesRegex;

using testing::StartsWith;

constexpr auto upload_photo = R"(curl -X POST http://localhost:8000/jobs/ \
-F "original_image=@photo.jpg")";

constexpr auto uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
constexpr auto not_found = "{\"detail\":\"Not found.\"}\n";

class DjangoDocument : public testing::Test {
 protected:
  [[nodiscard]] static std::string field_error(const std::string& text) {
    return "{\"original_image\":[\"" + text + "\"]}\n";
  }

  /// The job as it ended.
  [[nodiscard]] CurlAnswer end_of(const std::string& id) const {
    CurlAnswer job;
    EXPECT_TRUE(cluster::eventually([&] {
      job = service_.get("/jobs/" + id + "/");
      return job.text("status") != "pending";
    })) << job.body;
    return job;
  }

  DocumentService service_{"http://localhost:8000"};
};

TEST_F(DjangoDocument, AnUploadBecomesAThumbnail) {
  service_.write("photo.jpg", good_jpeg());
  const auto created = service_.run(upload_photo);
  EXPECT_EQ(created.status, 201);
  EXPECT_THAT(created.members(), ElementsAre("id", "status", "original_image", "resized_image",
                                             "error_message", "created_at"));
  const std::string id = created.text("id");
  EXPECT_THAT(id, MatchesRegex(uuid));
  EXPECT_EQ(created.text("status"), "pending");
  EXPECT_EQ(created.text("original_image"), "/media/originals/photo.jpg");
  EXPECT_EQ(created.text("resized_image"), "null");
  EXPECT_EQ(created.text("error_message"), "null");
  EXPECT_THAT(created.text("created_at"),
              MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{6}Z"));

  const auto job = end_of(id);
  EXPECT_EQ(job.status, 200);
  EXPECT_EQ(job.members(), created.members());
  EXPECT_EQ(job.text("id"), id);
  EXPECT_EQ(job.text("status"), "completed");
  EXPECT_EQ(job.text("original_image"), created.text("original_image"));
  EXPECT_THAT(job.text("resized_image"),
              MatchesRegex("/media/thumbnails/thumbnail-[0-9a-f]+\\.jpg"));
  EXPECT_EQ(job.text("error_message"), "null");
  EXPECT_EQ(job.text("created_at"), created.text("created_at"));

  EXPECT_TRUE(service_.get(job.text("original_image")).body == good_jpeg());
  const auto thumbnail = cluster::decoded(service_.get(job.text("resized_image")).body);
  EXPECT_EQ(thumbnail->width(), 300U);
}

TEST_F(DjangoDocument, TwoUploadsOfOneNameAreTwoFiles) {
  service_.write("photo.jpg", good_jpeg());
  const auto first = service_.run(upload_photo);
  const std::string other = cluster::jpeg_of(cluster::quadrants(60, 40));
  service_.write("photo.jpg", other);
  const auto second = service_.run(upload_photo);
  EXPECT_EQ(first.text("original_image"), "/media/originals/photo.jpg");
  EXPECT_THAT(second.text("original_image"),
              MatchesRegex("/media/originals/photo_[a-z0-9]{7}\\.jpg"));
  EXPECT_TRUE(service_.get(first.text("original_image")).body == good_jpeg());
  EXPECT_TRUE(service_.get(second.text("original_image")).body == other);
}

TEST_F(DjangoDocument, ANameOfAnyKindCanBeDownloaded) {
  const std::string name = "gr\xC3\xBC\xC3\x9F e (1).jpg";
  service_.write(name, good_jpeg());
  const auto created = service_.run(with(upload_photo, "photo.jpg", name));
  EXPECT_EQ(created.text("original_image"), "/media/originals/gr%C3%BC%C3%9F_e_1.jpg");
  EXPECT_TRUE(service_.get(created.text("original_image")).body == good_jpeg());
}

TEST_F(DjangoDocument, ACorruptFileFails) {
  service_.write("photo.jpg", corrupt_png());
  const auto created = service_.run(upload_photo);
  ASSERT_EQ(created.status, 201) << created.body;
  const auto job = end_of(created.text("id"));
  EXPECT_EQ(job.members(), created.members());
  EXPECT_EQ(job.text("status"), "failed");
  EXPECT_EQ(job.text("resized_image"), "null");
  EXPECT_THAT(job.text("error_message"), StartsWith("Corrupted image file"));
}

TEST_F(DjangoDocument, AnUnknownJobIsNotFound) {
  for (const auto* path :
       {"/jobs/02f137ae-a727-4997-ad60-08a3784b55f2/", "/jobs/1/",
        "/media/originals/IMG-20240113-WA0130.jpg", "/media/thumbnails/thumbnail-9f9500bc.jpg"}) {
    const auto answer = service_.get(path);
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_EQ(answer.body, not_found) << path;
  }
}

TEST_F(DjangoDocument, AJobIsFoundByAClientThatFollowsRedirects) {
  service_.write("photo.jpg", good_jpeg());
  const auto created = service_.run(upload_photo);
  const std::string path = "/jobs/" + created.text("id");
  EXPECT_EQ(service_.get(path).status, 301);
  EXPECT_EQ(service_.run("curl -L http://localhost:8000" + path).text("id"), created.text("id"));
}

TEST_F(DjangoDocument, WhatIsNoUploadIsRefusedInTheFormOfTheFramework) {
  service_.write("photo.jpg", good_jpeg());
  service_.write("empty.jpg", "");
  service_.write("note.txt", "some text");
  const std::string post = "curl -X POST http://localhost:8000/jobs/ ";
  const auto expect_error = [&](const std::string& arguments, const std::string& text) {
    const auto answer = service_.run(post + arguments);
    EXPECT_EQ(answer.status, 400) << arguments;
    EXPECT_EQ(answer.body, field_error(text)) << arguments;
  };
  expect_error("", "No file was submitted.");
  expect_error("-F file=@photo.jpg", "No file was submitted.");
  expect_error("-d original_image=x", "No file was submitted.");
  expect_error("-F original_image=photo.jpg",
               "The submitted data was not a file. Check the encoding type on the form.");
  expect_error("-F original_image=@empty.jpg", "The submitted file is empty.");
  expect_error("-F original_image=@note.txt",
               "Upload a valid image. The file you uploaded was either not an image or a corrupted "
               "image.");
  const auto put = service_.run("curl -X PUT http://localhost:8000/jobs/");
  EXPECT_EQ(put.status, 405);
  EXPECT_EQ(put.body, "{\"detail\":\"Method \\\"PUT\\\" not allowed.\"}\n");
}

}  // namespace
}  // namespace darkroom::dialects
