#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/http/dialect_routes.hpp"

// The dialects beside each other: those that are wanted, and what holds for all.

namespace darkroom::http {
namespace {

Options with_dialects(std::string dialects) {
  Options options;
  options.dialects = std::move(dialects);
  return options;
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

class AllDialects : public DialectRoutes {};

TEST_F(AllDialects, AreListedWithTheirRoutes) {
  const auto index = get("/").body;
  EXPECT_THAT(index, testing::HasSubstr("\"dialects\":{\"django\":[\"POST /jobs/\","));
  EXPECT_THAT(index,
              testing::HasSubstr("\"fastapi\":[\"POST /upload\",\"GET /upload/{id}/status\""));
  EXPECT_THAT(index, testing::HasSubstr("\"upload\":[\"POST /upload"));
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
  EXPECT_THAT(get("/").body, testing::HasSubstr("\"dialects\":{}"));
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
