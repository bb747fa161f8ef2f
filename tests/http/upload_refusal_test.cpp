#include <gtest/gtest.h>

#include "tests/http/pictures.hpp"
#include "tests/http/test_server.hpp"

namespace darkroom::http {
namespace {

/// Sends a form and expects the problem, and that nothing of the upload stays behind.
void expect_refused(TestServer& server, const std::string& request, int status,
                    const std::string& code) {
  const auto response = server.exchange(request);
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, status) << response->body;
  EXPECT_EQ(response->problem_code(), code) << response->body;
  EXPECT_EQ(response->member("status"), std::to_string(status));
  EXPECT_FALSE(response->member("detail").empty());
  EXPECT_EQ(server.stored_files(), 0U);
  EXPECT_EQ(server.jobs().size(), 0U);
}

TEST(UploadRefusal, WithoutAFileNamesTheFieldsThereWere) {
  TestServer server;
  expect_refused(server, form_request(""), 400, "no_file");
  const auto response = server.exchange(
      form_request(form_part("name=\"image\"; filename=\"a.ppm\"", pnm_picture(4, 3))));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->problem_code(), "no_file");
  EXPECT_NE(response->member("detail").find("'image'"), std::string::npos) << response->body;
}

TEST(UploadRefusal, OfAnEmptyFile) {
  TestServer server;
  expect_refused(server, form_request(file_part("")), 400, "empty_file");
  expect_refused(server, request_text("POST", "/v1/jobs", "Content-Type: image/png\r\n"), 400,
                 "empty_file");
}

TEST(UploadRefusal, OfWhatIsNoPictureThatWeTake) {
  TestServer server{{}, {.max_pixels = 1'000, .max_side = 500}};
  expect_refused(server, form_request(file_part("I am text, not a picture.\n")), 415,
                 "not_an_image");
  expect_refused(server, form_request(file_part(tiff_start())), 415, "unsupported_format");
  expect_refused(server, form_request(file_part(cut_off_png())), 422, "corrupt_image");
  expect_refused(server, form_request(file_part(pnm_header(400, 400))), 422, "too_many_pixels");
  expect_refused(server, form_request(file_part(pnm_header(501, 1))), 422, "too_wide_or_high");
}

TEST(UploadRefusal, OfAnUnknownPreset) {
  TestServer server;
  const std::string file = file_part(pnm_picture(4, 3));
  const std::string preset = form_part("name=\"preset\"", "tiny");
  expect_refused(server, form_request(file, "/v1/jobs?preset=tiny"), 422, "unknown_preset");
  expect_refused(server, form_request(preset + file), 422, "unknown_preset");
  expect_refused(server, form_request(file + preset), 422, "unknown_preset");
}

TEST(UploadRefusal, OfTwoPresets) {
  TestServer server;
  const std::string form = form_part("name=\"preset\"", "default") + file_part(pnm_picture(4, 3));
  expect_refused(server, form_request(form, "/v1/jobs?preset=small"), 400, "malformed_request");
  expect_refused(server, form_request(form, "/v1/jobs?preset=small&preset=default"), 400,
                 "malformed_request");
}

TEST(UploadRefusal, OfABrokenForm) {
  TestServer server;
  const std::string file = file_part(pnm_picture(4, 3));
  expect_refused(server, form_request(file + file), 400, "malformed_multipart");
  expect_refused(server, form_request(form_part("name=\"note\"", std::string(5'000, 'x'))), 400,
                 "malformed_multipart");
  const std::string type = "Content-Type: multipart/form-data; boundary=frontier\r\n";
  expect_refused(server, request_text("POST", "/v1/jobs", type, file), 400, "malformed_multipart");
  expect_refused(server, request_text("POST", "/v1/jobs", type), 400, "malformed_multipart");
  expect_refused(server, request_text("POST", "/v1/jobs", type, "not a form"), 400,
                 "malformed_multipart");
  expect_refused(server,
                 request_text("POST", "/v1/jobs", "Content-Type: multipart/form-data\r\n", file),
                 400, "malformed_multipart");
  std::string many;
  for (int i = 0; i < 17; ++i)
    many += form_part("name=\"a\"", "1");
  expect_refused(server, form_request(many + file), 400, "malformed_multipart");
}

TEST(UploadRefusal, OfAFileThatTurnsOutTooLarge) {
  Options options;
  options.max_upload_bytes = 1'000;
  TestServer server{options};
  // The form as a whole is within its limit, the file in it is not.
  expect_refused(server, form_request(file_part(std::string(1'001, 'x'))), 413, "too_many_bytes");
}

void expect_retryable(const RawResponse& response, int status, const std::string& code) {
  EXPECT_EQ(response.status, status) << response.body;
  EXPECT_EQ(response.problem_code(), code);
  EXPECT_FALSE(response.field("retry-after").empty());
  EXPECT_EQ(response.member("retryable"), "true");
}

TEST(UploadRefusal, WhenTheServiceCannotTakeIt) {
  using Code = actors::ServiceErrorCode;
  const std::vector<std::tuple<Code, int, std::string>> cases{
      {Code::queue_full, 503, "queue_full"},
      {Code::store_full, 507, "store_full"},
      {Code::store_failed, 503, "store_failed"}};
  for (const auto& [code, status, name] : cases) {
    TestServer server;
    server.jobs().fail_create(code, "No.");
    const auto response = server.exchange(form_request(file_part(pnm_picture(4, 3))));
    ASSERT_TRUE(response);
    expect_retryable(*response, status, name);
    EXPECT_EQ(server.stored_files(), 0U);
  }
}

TEST(UploadRefusal, WithoutAnAnswerLeavesTheOriginalForAJobThatMayExist) {
  TestServer server;
  server.jobs().fail_create(actors::ServiceErrorCode::unavailable, "No answer in time.");
  const auto response = server.exchange(form_request(file_part(pnm_picture(4, 3))));
  ASSERT_TRUE(response);
  expect_retryable(*response, 503, "unavailable");
  EXPECT_EQ(server.stored_files(), 1U);
}

TEST(UploadRefusal, WhenTheStoreIsGone) {
  TestServer server;
  std::filesystem::remove_all(server.folder());
  const auto response = server.exchange(form_request(file_part(pnm_picture(4, 3))));
  std::filesystem::create_directories(server.folder());
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 503) << response->body;
  EXPECT_EQ(response->problem_code(), "store_failed");
  EXPECT_EQ(response->body.find(server.folder().string()), std::string::npos);
}

}  // namespace
}  // namespace darkroom::http
