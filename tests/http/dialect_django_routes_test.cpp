#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/http/dialect_routes.hpp"

// What the Django dialect refuses, and how. Its document is tried in tests/dialects.

namespace darkroom::http {
namespace {

class DjangoRoutes : public DialectRoutes {
 protected:
  [[nodiscard]] RawResponse upload_file(std::string_view content) const {
    return upload("/jobs/", "name=\"original_image\"; filename=\"a.ppm\"", content);
  }
};

TEST_F(DjangoRoutes, TakeAFile) {
  const auto response = upload_file(pnm_picture(4, 3));
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.field("content-type"), "application/json");
  EXPECT_EQ(response.member("status"), "pending");
  EXPECT_EQ(response.member("original_image"), "/media/originals/a.ppm");
  EXPECT_EQ(server_.jobs().last_upload().public_name, "a.ppm");
  EXPECT_EQ(get("/jobs/" + response.member("id") + "/").body, response.body);
}

TEST_F(DjangoRoutes, TellWhatIsWrongWithTheField) {
  const auto error = [](const std::string& text) {
    return "{\"original_image\":[\"" + text + "\"]}\n";
  };
  const std::string no_image =
      "Upload a valid image. The file you uploaded was either not an image or a corrupted image.";
  EXPECT_EQ(upload("/jobs/", "name=\"file\"; filename=\"a.ppm\"", pnm_picture(4, 3)).body,
            error("No file was submitted."));
  EXPECT_EQ(upload("/jobs/", "name=\"original_image\"", "some text").body,
            error("The submitted data was not a file. Check the encoding type on the form."));
  EXPECT_EQ(upload_file("").body, error("The submitted file is empty."));
  for (const auto& content : {std::string{"some text"}, tiff_start(), cut_off_png()}) {
    const auto response = upload_file(content);
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(response.field("content-type"), "application/json");
    EXPECT_EQ(response.body, error(no_image));
  }
  EXPECT_EQ(server_.jobs().size(), 0U);
  EXPECT_EQ(server_.stored_files(), 0U);
}

TEST_F(DjangoRoutes, MissTheFileInABodyOfAnyKindThatTheFrameworkReads) {
  for (const std::string type :
       {"", "Content-Type: application/json\r\n",
        "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"}) {
    const auto response = server_.exchange(request_text("POST", "/jobs/", type, "{}"));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 400);
    EXPECT_EQ(response->body, "{\"original_image\":[\"No file was submitted.\"]}\n") << type;
  }
  const auto response =
      server_.exchange(request_text("POST", "/jobs/", "Content-Type: image/png\r\n", "x"));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 415);
  EXPECT_EQ(response->body,
            "{\"detail\":\"Unsupported media type \\\"image/png\\\" in request.\"}\n");
}

TEST_F(DjangoRoutes, RefuseOtherMethods) {
  const auto response = send("PUT", "/jobs/");
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.body, "{\"detail\":\"Method \\\"PUT\\\" not allowed.\"}\n");
  EXPECT_EQ(response.field("allow"), "POST, OPTIONS");
  EXPECT_EQ(get("/jobs/").status, 405);
}

TEST_F(DjangoRoutes, FindNothingWhereNothingIs) {
  for (const auto& path : {std::string{"/jobs/0190f0c2-7b1a-7c3e-9f00-1a2b3c4d5e6f/"},
                           std::string{"/jobs/abc/"}, std::string{"/media/originals/none.jpg"},
                           std::string{"/media/thumbnails/thumbnail-9f9500bc.jpg"},
                           std::string{"/media/thumbnails/x"}}) {
    const auto response = get(path);
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_EQ(response.body, "{\"detail\":\"Not found.\"}\n") << path;
  }
}

TEST_F(DjangoRoutes, SendAClientThatForgotTheSlashOn) {
  const auto response = get("/jobs/abc");
  EXPECT_EQ(response.status, 301);
  EXPECT_EQ(response.field("location"), "/jobs/abc/");
}

TEST_F(DjangoRoutes, KeepTheStatusOfOtherProblems) {
  server_.jobs().fill_queue();
  const auto response = upload_file(pnm_picture(4, 3));
  EXPECT_EQ(response.status, 503);
  EXPECT_NE(response.member("detail"), "");
  EXPECT_NE(response.field("retry-after"), "");
}

TEST_F(DjangoRoutes, SendTheThumbnailOnceItIsThere) {
  const auto job = make_job_with_file(server_, "bytes");
  std::string digits = job.id.to_string();
  std::erase(digits, '-');
  const std::string path = "/media/thumbnails/thumbnail-" + digits + ".jpg";
  EXPECT_EQ(get(path).status, 404);
  complete_with_files(server_, job.id);
  EXPECT_EQ(get("/jobs/" + job.id.to_string() + "/").member("resized_image"), path);
  EXPECT_EQ(get(path).body, "thumbnail.");
  EXPECT_EQ(get(path).field("content-type"), "image/jpeg");
  EXPECT_EQ(get("/media/originals/" + job.id.to_string() + ".jpg").body, "bytes");
}

TEST_F(DjangoRoutes, SendAnOriginalByItsNameToItsTenantOnly) {
  const std::string mine = "X-API-Key: mine\r\n";
  const std::string picture = pnm_picture(4, 3);
  const std::string form =
      form_request(form_part("name=\"original_image\"; filename=\"my a.ppm\"", picture), "/jobs/");
  const auto line_end = form.find("\r\n") + 2;
  const auto created = server_.exchange(form.substr(0, line_end) + mine + form.substr(line_end));
  ASSERT_TRUE(created);
  EXPECT_EQ(created->member("original_image"), "/media/originals/my_a.ppm");
  EXPECT_TRUE(get("/media/originals/my_a.ppm", mine).body == picture);
  EXPECT_EQ(get("/media/originals/my_a.ppm", "X-API-Key: other\r\n").status, 404);
  EXPECT_EQ(get("/media/originals/my_a.ppm").status, 404);
}

TEST_F(DjangoRoutes, SayThatTheJobsCannotBeAskedFor) {
  server_.jobs().fail_all(actors::ServiceErrorCode::unavailable, "It is restarting.");
  const auto response = get("/media/originals/a.jpg");
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.body, "{\"detail\":\"It is restarting.\"}\n");
}

}  // namespace
}  // namespace darkroom::http
