#include <string>

#include <gtest/gtest.h>

#include "tests/http/pictures.hpp"
#include "tests/http/test_server.hpp"

namespace darkroom::http {
namespace {

constexpr auto key_field = "Idempotency-Key: \"8e03978e-40d5-43dd\"\r\n";

std::string keyed_form(const std::string& parts, std::string_view target = "/v1/jobs",
                       std::string_view boundary = "frontier", std::string_view field = key_field) {
  std::string body = parts + "--frontier--\r\n";
  for (std::size_t at = body.find("--frontier"); at != std::string::npos;
       at = body.find("--frontier", at + boundary.size())) {
    body.replace(at + 2, 8, boundary);
  }
  return request_text("POST", target,
                      "Content-Type: multipart/form-data; boundary=" + std::string{boundary} +
                          "\r\n" + std::string{field},
                      body);
}

std::string keyed_raw(std::string_view target, std::string_view body) {
  return request_text("POST", target,
                      std::string{"Content-Type: image/x-portable-pixmap\r\n"} + key_field, body);
}

class UploadIdempotency : public testing::Test {
 protected:
  UploadIdempotency() : first_(exchange(keyed_form(file_))) {}

  [[nodiscard]] RawResponse exchange(const std::string& request) const {
    return server_.exchange(request).value_or(RawResponse{});
  }

  void expect_replayed(const std::string& request) const {
    const auto again = exchange(request);
    EXPECT_EQ(again.status, 200) << again.body;
    EXPECT_EQ(again.field("idempotency-replayed"), "true");
    EXPECT_EQ(again.field("location"), first_.field("location"));
    EXPECT_EQ(again.body, first_.body);
    EXPECT_EQ(server_.stored_files(), 1U);
  }

  void expect_another(const std::string& request) const {
    const auto refused = exchange(request);
    EXPECT_EQ(refused.status, 422) << refused.body;
    EXPECT_EQ(refused.problem_code(), "idempotency_key_reused");
    EXPECT_EQ(refused.field("idempotency-replayed"), "");
    EXPECT_EQ(server_.stored_files(), 1U);
  }

  TestServer server_{[](Services& services) {
    services.read_expires_in = [](std::string_view text) {
      return std::chrono::milliseconds{1'000 * text.size()};
    };
    services.read_queue = [](std::string_view text) { return QueueChoice{std::string{text}}; };
  }};
  std::string picture_ = pnm_picture(4, 3);
  std::string file_ = file_part(picture_);
  RawResponse first_;
};

TEST_F(UploadIdempotency, TheFirstMakesAJob) {
  EXPECT_EQ(first_.status, 201) << first_.body;
  EXPECT_EQ(first_.field("idempotency-replayed"), "");
  EXPECT_EQ(server_.jobs().size(), 1U);
}

TEST_F(UploadIdempotency, TheSameUploadGetsTheSameJob) {
  expect_replayed(keyed_form(file_));
  expect_replayed(keyed_form(file_));
  EXPECT_EQ(server_.jobs().size(), 1U);
}

TEST_F(UploadIdempotency, TheSameUploadGetsItsJobWhileTheQueueIsFull) {
  server_.jobs().fill_queue();
  expect_replayed(keyed_form(file_));
  expect_replayed(keyed_form(form_part("name=\"preset\"", "default") + file_));
  const auto other = exchange(request_text(
      "POST", "/v1/jobs", "Content-Type: image/x-portable-pixmap\r\nIdempotency-Key: \"b\"\r\n",
      picture_));
  EXPECT_EQ(other.problem_code(), "queue_full") << other.body;
  EXPECT_EQ(server_.stored_files(), 1U) << "what was refused is not kept";
}

TEST_F(UploadIdempotency, HowItIsWrittenDoesNotMatter) {
  expect_replayed(keyed_form(file_, "/v1/jobs", "another-boundary"));
  expect_replayed(keyed_form(file_, "/v1/jobs?preset=default&queue=default"));
  expect_replayed(keyed_form(form_part("name=\"preset\"", "default") + file_));
  expect_replayed(keyed_raw("/v1/jobs?filename=picture.ppm", picture_));
  expect_replayed(
      keyed_form(file_, "/v1/jobs", "frontier", "Idempotency-Key: 8e03978e-40d5-43dd\r\n"));
}

TEST_F(UploadIdempotency, AnotherUploadIsRefused) {
  expect_another(keyed_form(file_part(pnm_picture(3, 4))));
  expect_another(keyed_form(file_, "/v1/jobs?preset=small"));
  expect_another(keyed_form(file_, "/v1/jobs?queue=night"));
  expect_another(keyed_form(file_, "/v1/jobs?expires_in=1h"));
  expect_another(keyed_form(file_, "/v1/jobs?reuse=true"));
  expect_another(keyed_raw("/v1/jobs?filename=other.ppm", picture_));
}

TEST_F(UploadIdempotency, AnotherKeyMakesAnotherJob) {
  const auto other = exchange(keyed_form(file_, "/v1/jobs", "frontier", "Idempotency-Key: b\r\n"));
  EXPECT_EQ(other.status, 201) << other.body;
  EXPECT_NE(other.field("location"), first_.field("location"));
}

TEST_F(UploadIdempotency, WithoutAKeyEachUploadMakesAJob) {
  EXPECT_EQ(exchange(form_request(file_)).status, 201);
  EXPECT_EQ(exchange(form_request(file_)).status, 201);
  EXPECT_EQ(server_.jobs().size(), 3U);
}

TEST_F(UploadIdempotency, TheKeyIsFreeAgainWhenItsJobIsGone) {
  ASSERT_EQ(exchange(request_text("DELETE", first_.field("location"))).status, 204);
  const auto again = exchange(keyed_form(file_));
  EXPECT_EQ(again.status, 201);
  EXPECT_NE(again.field("location"), first_.field("location"));
}

TEST_F(UploadIdempotency, AKeyThatIsNoneIsRefused) {
  for (const auto* field :
       {"Idempotency-Key: \r\n", "Idempotency-Key: a b\r\n", "Idempotency-Key: \"a\r\n",
        "Idempotency-Key: a\r\nIdempotency-Key: a\r\n"}) {
    const auto refused = exchange(keyed_form(file_, "/v1/jobs", "frontier", field));
    EXPECT_EQ(refused.status, 400) << field;
    EXPECT_EQ(refused.problem_code(), "invalid_parameter") << field;
    EXPECT_NE(refused.member("detail").find("Idempotency-Key"), std::string::npos);
  }
}

/// The header of an upload whose body does not come yet.
std::string head_of_upload(std::size_t bytes) {
  return "POST /v1/jobs?filename=picture.ppm HTTP/1.1\r\nHost: localhost\r\n"
         "Content-Type: image/x-portable-pixmap\r\nIdempotency-Key: slow\r\n"
         "Content-Length: " +
         std::to_string(bytes) + "\r\n\r\n";
}

TEST_F(UploadIdempotency, AnUploadUnderWayHoldsItsKey) {
  RawClient slow{server_.port()};
  ASSERT_TRUE(slow.send(head_of_upload(picture_.size())));
  // Its temporary file tells that it has begun.
  ASSERT_TRUE(server_.reaches_stored_files(2));
  {
    // It is answered though none of its body has come.
    RawClient second{server_.port()};
    ASSERT_TRUE(second.send(head_of_upload(picture_.size())));
    const auto refused = second.receive();
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 409) << refused->body;
    EXPECT_EQ(refused->problem_code(), "idempotency_key_in_use");
    EXPECT_EQ(refused->member("retryable"), "true");
    EXPECT_EQ(refused->field("retry-after"), "1");
  }
  ASSERT_TRUE(slow.send(picture_));
  const auto made = slow.receive();
  ASSERT_TRUE(made);
  EXPECT_EQ(made->status, 201) << made->body;
  const auto again = exchange(head_of_upload(picture_.size()) + picture_);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.field("location"), made->field("location"));
}

TEST_F(UploadIdempotency, AnUploadThatWasBrokenOffFreesItsKey) {
  {
    RawClient slow{server_.port()};
    ASSERT_TRUE(slow.send(head_of_upload(picture_.size())));
    ASSERT_TRUE(server_.reaches_stored_files(2));
  }
  ASSERT_TRUE(server_.reaches_stored_files(1));
  // The file goes a moment before the key does.
  RawResponse again;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  do {
    again = exchange(head_of_upload(picture_.size()) + picture_);
  } while (again.status == 409 && std::chrono::steady_clock::now() < until);
  EXPECT_EQ(again.status, 201) << again.body;
}

}  // namespace
}  // namespace darkroom::http
