#include <gtest/gtest.h>

#include "tests/http/pictures.hpp"
#include "tests/http/test_server.hpp"

namespace darkroom::http {
namespace {

// SHA-256 of pnm_picture(4, 3), by the sha256sum program.
constexpr auto sha256_of_4x3 = "8f6dc80f2ee209dd8f953706aa52cf945f9ddf6a3c67285ea53993435cafa003";

std::string raw_request(std::string_view target, std::string_view header_lines,
                        std::string_view body) {
  return request_text("POST", target,
                      "Content-Type: image/x-portable-pixmap\r\n" + std::string{header_lines},
                      body);
}

jobs::Job job_of(TestServer& server, const RawResponse& response) {
  const auto id = jobs::JobId::parse(response.member("id"));
  if (!id) return {};
  return server.jobs().get(*id).value_or(jobs::Job{});
}

TEST(Upload, OfAFormMakesAJob) {
  TestServer server;
  const std::string picture = pnm_picture(4, 3);
  const auto response = server.exchange(form_request(file_part(picture)));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 201) << response->body;
  EXPECT_EQ(response->field("content-type"), "application/json");
  EXPECT_EQ(response->field("location"), "/v1/jobs/" + response->member("id"));
  EXPECT_EQ(response->member("status"), "pending");

  const jobs::Job job = job_of(server, *response);
  EXPECT_EQ(job.preset, "default");
  EXPECT_EQ(job.original.filename, "picture.ppm");
  EXPECT_EQ(job.original.content_type, "image/x-portable-anymap");
  EXPECT_EQ(job.original.format, "pnm");
  EXPECT_EQ(job.original.sha256, sha256_of_4x3);
  EXPECT_EQ(job.original.bytes, picture.size());
  EXPECT_EQ(job.original.width, 4U);
  EXPECT_EQ(job.original.height, 3U);
}

TEST(Upload, CanBeDownloadedByteForByte) {
  TestServer server;
  const std::string picture = pnm_picture(300, 200);
  const auto created = server.exchange(form_request(file_part(picture)));
  ASSERT_TRUE(created);
  const auto job = job_of(server, *created);
  const auto file = server.exchange(request_text("GET", "/files/" + job.original.blob_key));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->status, 200);
  EXPECT_EQ(file->body, picture);
  EXPECT_EQ(server.stored_files(), 1U);
}

TEST(Upload, OfARawBodyMakesAJob) {
  TestServer server;
  const auto response = server.exchange(
      raw_request("/v1/jobs?filename=..%2Fholiday.ppm&preset=small", "", pnm_picture(4, 3)));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 201) << response->body;
  const jobs::Job job = job_of(server, *response);
  EXPECT_EQ(job.preset, "small");
  EXPECT_EQ(job.original.filename, "holiday.ppm");
  EXPECT_EQ(job.original.sha256, sha256_of_4x3);
}

TEST(Upload, OfARawBodyTakesTheNameFromContentDisposition) {
  TestServer server;
  const auto response = server.exchange(
      raw_request("/v1/jobs", "Content-Disposition: attachment; filename=\"100%25.ppm\"\r\n",
                  pnm_picture(4, 3)));
  ASSERT_TRUE(response);
  EXPECT_EQ(job_of(server, *response).original.filename, "100%25.ppm");
}

TEST(Upload, TakesThePresetFromTheFormBeforeAndBehindTheFile) {
  TestServer server;
  const std::string preset = form_part("name=\"preset\"", "small");
  const std::string file = file_part(pnm_picture(4, 3));
  for (const std::string& form : {preset + file, file + preset}) {
    const auto response = server.exchange(form_request(form));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 201) << response->body;
    EXPECT_EQ(response->member("preset"), "small");
  }
  const auto agreed = server.exchange(form_request(preset + file, "/v1/jobs?preset=small"));
  ASSERT_TRUE(agreed);
  EXPECT_EQ(agreed->status, 201);
}

TEST(Upload, IgnoresOtherFields) {
  TestServer server;
  const auto response = server.exchange(
      form_request(form_part("name=\"note\"", "hello") +
                   form_part("name=\"extra\"; filename=\"x\"", std::string(10'000, 'x')) +
                   file_part(pnm_picture(4, 3))));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 201) << response->body;
}

TEST(Upload, NeedsNoFilename) {
  TestServer server;
  const auto response = server.exchange(form_request(form_part("name=file", pnm_picture(4, 3))));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 201) << response->body;
  EXPECT_EQ(job_of(server, *response).original.filename, "");
}

TEST(Upload, TakesAContentTypeInAnyCase) {
  TestServer server;
  const std::string body = file_part(pnm_picture(4, 3)) + "--frontier--\r\n";
  for (const auto* type : {"MULTIPART/Form-Data; Boundary=frontier",
                           "multipart/form-data; charset=utf-8; boundary=\"frontier\""}) {
    const auto response = server.exchange(
        request_text("POST", "/v1/jobs", "Content-Type: " + std::string{type} + "\r\n", body));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 201) << response->body;
  }
}

TEST(Upload, SurvivesArrivingByteByByte) {
  TestServer server;
  RawClient client{server.port()};
  for (const char byte : form_request(file_part(pnm_picture(4, 3)))) {
    ASSERT_TRUE(client.send({&byte, 1}));
  }
  const auto response = client.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 201) << response->body;
}

TEST(Upload, UpToTheLimitIsTakenWhole) {
  Options options;
  const std::string picture = pnm_picture(400, 300);
  options.max_upload_bytes = picture.size();
  TestServer server{options};
  const auto form = server.exchange(form_request(file_part(picture)));
  ASSERT_TRUE(form);
  EXPECT_EQ(form->status, 201) << form->body;
  const auto raw = server.exchange(raw_request("/v1/jobs", "", picture));
  ASSERT_TRUE(raw);
  EXPECT_EQ(raw->status, 201) << raw->body;
}

TEST(Upload, AnswersExpectContinueBeforeTheBodyComes) {
  TestServer server;
  const std::string picture = pnm_picture(4, 3);
  RawClient client{server.port()};
  client.send(
      "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nExpect: "
      "100-continue\r\nContent-Length: " +
      std::to_string(picture.size()) + "\r\n\r\n");
  const auto interim = client.receive();
  ASSERT_TRUE(interim);
  EXPECT_EQ(interim->status, 100);
  client.send(picture);
  const auto response = client.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 201) << response->body;
}

}  // namespace
}  // namespace darkroom::http
