#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/http/dialect_routes.hpp"

// What the FastAPI dialect refuses, and how. Its document is tried in tests/dialects.

namespace darkroom::http {
namespace {

using testing::HasSubstr;

class FastApiRoutes : public DialectRoutes {};

TEST_F(FastApiRoutes, RefuseInTheirForm) {
  const auto no_file = upload("/upload", "name=\"picture\"; filename=\"a.ppm\"", pnm_picture(4, 3));
  EXPECT_EQ(no_file.status, 422);
  EXPECT_EQ(no_file.body,
            "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\",\"file\"],"
            "\"msg\":\"Field required\",\"input\":null}]}\n");
  EXPECT_EQ(send("POST", "/upload").body, no_file.body);
  EXPECT_EQ(upload("/upload", "name=\"file\"", "text").status, 422);
  const auto text = upload("/upload", "name=\"file\"; filename=\"a.txt\"", "text");
  EXPECT_EQ(text.status, 415);
  EXPECT_THAT(text.member("detail"), HasSubstr("not an image"));
  // Celery would say PENDING of a task that never was.
  for (const auto* path :
       {"/upload/abc/status", "/upload/0190f0c2-7b1a-7c3e-9f00-1a2b3c4d5e6f/result",
        "/files/processed/abc/x.jpeg"}) {
    EXPECT_EQ(get(path).status, 404);
    EXPECT_EQ(get(path).body, "{\"detail\":\"Not Found\"}\n");
  }
  EXPECT_EQ(get("/upload").status, 405);
  EXPECT_EQ(get("/upload").body, "{\"detail\":\"Method Not Allowed\"}\n");
}

TEST_F(FastApiRoutes, SendTheFilesOfTheResult) {
  const auto job = make_job_with_file(server_, "bytes", "my photo.jpg");
  const auto path = "/files/processed/" + job.id.to_string() + "/my_photo_thumbnail.jpeg";
  EXPECT_EQ(get(path).status, 404);
  complete_with_files(server_, job.id);
  EXPECT_THAT(get("/upload/" + job.id.to_string() + "/result").body, HasSubstr('"' + path + '"'));
  EXPECT_EQ(get(path).body, "thumbnail.");
  EXPECT_EQ(get("/files/processed/" + job.id.to_string() + "/other_thumbnail.jpeg").status, 404);
  // Beside the files by their keys.
  EXPECT_EQ(get("/files/" + job.original.blob_key).body, "bytes");
}

}  // namespace
}  // namespace darkroom::http
