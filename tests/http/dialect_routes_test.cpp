#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/http/job_with_files.hpp"
#include "tests/http/pictures.hpp"
#include "tests/http/test_server.hpp"

// The dialects' routes: what they refuse, how, and that they are there only where they are wanted.
// What their documents print is tried against the real program in tests/dialects.

namespace darkroom::http {
namespace {

using testing::HasSubstr;

constexpr auto unknown_id = "0190f0c2-7b1a-7c3e-9f00-1a2b3c4d5e6f";
constexpr persistence::SigningKey key{1, 2, 3};

Options with_dialects(std::string dialects) {
  Options options;
  options.dialects = std::move(dialects);
  return options;
}

class DialectRoutes : public testing::Test {
 protected:
  explicit DialectRoutes(Options options = {})
      : server_{[this](Services& services) { services.client_urls = &key_; }, std::move(options)} {}

  [[nodiscard]] RawResponse send(const std::string& method, const std::string& target) const {
    return server_.exchange(request_text(method, target)).value_or(RawResponse{});
  }
  [[nodiscard]] RawResponse get(const std::string& target) const { return send("GET", target); }

  /// A form with this one part.
  [[nodiscard]] RawResponse upload(const std::string& target, std::string_view disposition,
                                   std::string_view content) const {
    return server_.exchange(form_request(form_part(disposition, content), target))
        .value_or(RawResponse{});
  }

  persistence::ClientUrlKey key_{key};
  TestServer server_;
};

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
  for (const auto& path : {std::string{"/jobs/"} + unknown_id + "/", std::string{"/jobs/abc/"},
                           std::string{"/media/originals/none.jpg"},
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

class UploadRoutes : public DialectRoutes {
 protected:
  [[nodiscard]] std::string path_of(const RawResponse& response, const std::string& name) const {
    const std::string url = response.member(name);
    const std::string base = "http://localhost";
    EXPECT_EQ(url.substr(0, base.size()), base);
    return url.substr(std::min(base.size(), url.size()));
  }
};

TEST_F(UploadRoutes, RefuseInTheirForm) {
  const auto no_file =
      upload("/upload/", "name=\"picture\"; filename=\"a.ppm\"", pnm_picture(4, 3));
  EXPECT_EQ(no_file.status, 400);
  EXPECT_EQ(no_file.body, "{\"error\":\"No file uploaded\"}\n");
  EXPECT_EQ(upload("/uploads/", "name=\"file\"", "text").body, no_file.body);
  EXPECT_EQ(send("POST", "/uploads/").body, no_file.body);
  const auto text = upload("/uploads/", "name=\"file\"; filename=\"a.txt\"", "text");
  EXPECT_EQ(text.status, 415);
  EXPECT_THAT(text.member("error"), HasSubstr("not an image"));
  for (const auto* path : {"/upload/abc/results", "/uploads/abc/status/", "/upload/abc/result/"}) {
    EXPECT_EQ(get(path).status, 404);
    EXPECT_EQ(get(path).body, "{\"error\":\"Not found\"}\n");
  }
  EXPECT_EQ(send("DELETE", "/uploads/").status, 405);
  EXPECT_NE(send("DELETE", "/uploads/").member("error"), "");
}

TEST_F(UploadRoutes, AreTheSameWithASlashAndWithout) {
  const auto created = upload("/uploads/", "name=\"file\"; filename=\"a.ppm\"", pnm_picture(4, 3));
  EXPECT_EQ(created.status, 201);
  const std::string id = created.member("id");
  for (const auto* path : {"/uploads/%/status", "/uploads/%/status/", "/upload/%/status/"}) {
    std::string target = path;
    target.replace(target.find('%'), 1, id);
    EXPECT_EQ(get(target).body, "{\"id\":\"" + id + "\",\"status\":\"pending\"}\n") << target;
  }
  for (const auto* path :
       {"/uploads/%/result", "/uploads/%/result/", "/uploads/%/results", "/uploads/%/results/",
        "/upload/%/results", "/upload/%/results/", "/upload/%/result/"}) {
    std::string target = path;
    target.replace(target.find('%'), 1, id);
    EXPECT_NE(get(target).member("compressed"), "") << target;
  }
}

TEST_F(UploadRoutes, GiveAddressesThatBeginToWork) {
  const auto job = make_job_with_file(server_, "bytes");
  const auto result = get("/uploads/" + job.id.to_string() + "/result");
  EXPECT_EQ(get(path_of(result, "original")).body, "bytes");
  const auto early = get(path_of(result, "resized"));
  EXPECT_EQ(early.status, 404);
  complete_with_files(server_, job.id);
  EXPECT_EQ(get(path_of(result, "resized")).body, "resized.");
  EXPECT_EQ(get(path_of(result, "compressed")).body, "compressed.");
  EXPECT_EQ(get(path_of(result, "thumbnail")).body, "thumbnail.");
}

TEST_F(UploadRoutes, GiveFilesBySignedAddressesOnly) {
  const auto job = make_job_with_file(server_, "bytes");
  const auto path = path_of(get("/uploads/" + job.id.to_string() + "/result"), "original");
  const auto refused = get(path.substr(0, path.find('?')));
  EXPECT_EQ(refused.status, 403);
  EXPECT_NE(refused.member("error"), "");
  const std::string query = path.substr(path.find('?'));
  EXPECT_EQ(get("/uploads/resized/" + job.id.to_string() + ".jpg" + query).status, 403);
}

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

class SignedDialects : public DialectRoutes {
 protected:
  SignedDialects() : DialectRoutes{signing()} {}

  static Options signing() {
    Options options;
    options.signed_urls = SignedUrls::always;
    return options;
  }
};

TEST_F(SignedDialects, SignTheAddressesOfTheirFiles) {
  const auto job = make_job_with_file(server_, "bytes");
  complete_with_files(server_, job.id);
  const std::string id = job.id.to_string();
  const auto django = get("/jobs/" + id + "/");
  EXPECT_EQ(get(django.member("original_image")).body, "bytes");
  EXPECT_EQ(get(django.member("resized_image")).body, "thumbnail.");
  EXPECT_EQ(get("/media/originals/" + id + ".jpg").status, 403);
  const std::string result = get("/upload/" + id + "/result").body;
  const auto begin = result.find("/files/");
  const auto address = result.substr(begin, result.find('"', begin) - begin);
  EXPECT_EQ(get(address).body, "resized.");
  EXPECT_EQ(get(address.substr(0, address.find('?'))).status, 403);
}

class OneDialect : public DialectRoutes {
 protected:
  explicit OneDialect(std::string dialects) : DialectRoutes{with_dialects(std::move(dialects))} {}
};

class NoDialect : public OneDialect {
 protected:
  NoDialect() : OneDialect{""} {}
};

TEST_F(NoDialect, HasNoneOfTheRoutes) {
  for (const auto* path : {"/jobs/", "/upload/", "/uploads/", "/upload"})
    EXPECT_EQ(send("POST", path).problem_code(), "unknown_route") << path;
  EXPECT_EQ(get("/jobs/abc").problem_code(), "unknown_route");
  EXPECT_EQ(get("/upload/abc/status").problem_code(), "unknown_route");
}

class OnlyUpload : public OneDialect {
 protected:
  OnlyUpload() : OneDialect{"upload"} {}
};

TEST_F(OnlyUpload, HasThePathsThatItElseLeavesToAnother) {
  EXPECT_EQ(get("/upload/abc/status").body, "{\"error\":\"Not found\"}\n");
  EXPECT_EQ(get("/upload/abc/result").body, "{\"error\":\"Not found\"}\n");
  EXPECT_EQ(send("POST", "/upload").problem_code(), "unknown_route");
}

TEST(DialectUploads, CountAsUploads) {
  Options options;
  options.rates = {.requests = 0, .uploads = 2, .window = std::chrono::hours{1}};
  TestServer server{options};
  const auto send = [&](const std::string& target, const std::string& name) {
    return server
        .exchange(form_request(
            form_part("name=\"" + name + "\"; filename=\"a.ppm\"", pnm_picture(4, 3)), target))
        ->status;
  };
  EXPECT_EQ(send("/jobs/", "original_image"), 201);
  EXPECT_EQ(send("/upload", "file"), 200);
  EXPECT_EQ(send("/uploads/", "file"), 429);
  EXPECT_EQ(send("/v1/jobs", "file"), 429);
}

}  // namespace
}  // namespace darkroom::http
