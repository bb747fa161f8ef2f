#include <atomic>
#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/http/job_with_files.hpp"
#include "tests/http/pictures.hpp"
#include "tests/http/test_server.hpp"

// Addresses of files that carry a signature.

namespace darkroom::http {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::StartsWith;

constexpr persistence::SigningKey key{1, 2, 3};

Options options_of(SignedUrls choice, std::string public_url = {}) {
  Options options;
  options.signed_urls = choice;
  options.public_url = std::move(public_url);
  return options;
}

class SignedFile : public testing::Test {
 protected:
  explicit SignedFile(SignedUrls choice = SignedUrls::always)
      : server_{[this](Services& services) {
                  services.wall_clock = [this] { return now_.load(); };
                  services.client_urls = &key_;
                },
                options_of(choice)},
        job_(make_job_with_file(server_, "0123456789")) {}

  [[nodiscard]] RawResponse get(const std::string& target, const std::string& method = "GET",
                                std::string_view header_lines = "") const {
    return server_.exchange(request_text(method, target, header_lines)).value_or(RawResponse{});
  }

  /// The address of the original as the job shows it.
  [[nodiscard]] std::string address() const {
    const auto view = get("/v1/jobs/" + job_.id.to_string()).body;
    const auto begin = view.find("/files/");
    return view.substr(begin, view.find('"', begin) - begin);
  }

  // Just behind full five minutes, and close to when the job was made.
  std::atomic<jobs::Timestamp> now_{std::chrono::floor<hours>(jobs::system_now()) + seconds{1}};
  persistence::ClientUrlKey key_{key};
  TestServer server_;
  jobs::Job job_;
};

class FileOfNoNeedToSign : public SignedFile {
 protected:
  FileOfNoNeedToSign() : SignedFile(SignedUrls::automatic) {}
};

TEST_F(SignedFile, IsHadByTheAddressInTheJob) {
  EXPECT_THAT(address(), StartsWith("/files/" + job_.original.blob_key + "?expires="));
  const auto response = get(address());
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "0123456789");
  EXPECT_EQ(get(address(), "HEAD").status, 200);
  EXPECT_EQ(get(address(), "GET", "Range: bytes=1-2\r\n").body, "12");
  EXPECT_THAT(get(address() + "&download=1").field("content-disposition"),
              StartsWith("attachment;"));
}

TEST_F(SignedFile, IsNotHadWithoutASignature) {
  const auto response = get("/files/" + job_.original.blob_key);
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(response.problem_code(), "bad_signature");
  // Nor does anybody learn what files there are.
  EXPECT_EQ(get("/files/uploads/originals/none.jpg").problem_code(), "bad_signature");
}

TEST_F(SignedFile, IsNotHadByTheSignatureOfAnother) {
  const auto other = make_job_with_file(server_, "x");
  const auto mine = address();
  const auto stolen = "/files/" + other.original.blob_key + mine.substr(mine.find('?'));
  EXPECT_EQ(get(stolen).problem_code(), "bad_signature");
}

TEST_F(SignedFile, IsHadUntilTheAddressExpires) {
  const auto url = address();
  const auto end = now_.load() - seconds{1} + hours{1} + minutes{5};
  EXPECT_EQ(get(url).field("cache-control"), "private, max-age=3600, immutable");
  now_ = end - seconds{90};
  EXPECT_EQ(get(url).field("cache-control"), "private, max-age=90, immutable");
  now_ = end;
  const auto response = get(url);
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(response.problem_code(), "url_expired");
  EXPECT_EQ(response.field("cache-control"), "no-store");
}

TEST_F(SignedFile, HasTheSameAddressForAWhile) {
  const auto url = address();
  now_ = now_.load() + minutes{4};
  EXPECT_EQ(address(), url);
  now_ = now_.load() + minutes{1};
  EXPECT_NE(address(), url);
}

TEST_F(SignedFile, IsThereByTheJobWithoutASignature) {
  const auto path = "/v1/jobs/" + job_.id.to_string() + "/files/original";
  EXPECT_EQ(get(path).status, 200);
  // But one that is wrong is refused wherever it stands.
  EXPECT_EQ(get(path + "?expires=1&signature=0").problem_code(), "bad_signature");
}

TEST_F(FileOfNoNeedToSign, HasAPlainAddressAndIsHadByASignedOneToo) {
  const auto path = "/files/" + job_.original.blob_key;
  EXPECT_EQ(address(), path);
  EXPECT_EQ(get(path).status, 200);
  const persistence::ClientUrls urls{key};
  EXPECT_EQ(get(urls.sign(path, now_.load() + minutes{1})).status, 200);
  EXPECT_EQ(get(urls.sign(path, now_.load() - minutes{1})).problem_code(), "url_expired");
  EXPECT_EQ(get(path + "?expires=99999999999&signature=00").problem_code(), "bad_signature");
}

TEST(SignedFileOfAnIngestNode, IsHadOnceTheNodeHasItsKey) {
  persistence::ClientUrlKey later;
  TestServer server{[&later](Services& services) { services.client_urls = &later; },
                    options_of(SignedUrls::always)};
  const auto job = make_job_with_file(server, "x");
  const auto request = request_text("GET", "/v1/jobs/" + job.id.to_string());
  EXPECT_EQ(server.exchange(request)->problem_code(), "unavailable");
  later.set(key);
  EXPECT_EQ(server.exchange(request)->status, 200);
}

TEST(PublicUrl, StandsBeforeTheAddressesOfFiles) {
  TestServer server{options_of(SignedUrls::automatic, "https://pictures.example")};
  const auto job = make_job_with_file(server, "x");
  const auto view = server.exchange("GET /v1/jobs/" + job.id.to_string() +
                                    " HTTP/1.1\r\nHost: pictures.example\r\n\r\n");
  ASSERT_TRUE(view);
  EXPECT_THAT(view->body,
              HasSubstr("\"url\":\"https://pictures.example/files/" + job.original.blob_key + '"'));
}

TEST(FileToBeSigned, IsNotTakenWhereNothingCanBeSignedYet) {
  persistence::ClientUrlKey none;
  TestServer server{[&](Services& services) { services.client_urls = &none; },
                    options_of(SignedUrls::always)};
  const auto request = form_request(file_part(pnm_picture(4, 3)));
  const auto refused = server.exchange(request);
  EXPECT_EQ(refused->status, 503);
  EXPECT_EQ(refused->problem_code(), "unavailable");
  // The upload can be sent again: it has left nothing behind.
  EXPECT_EQ(server.stored_files(), 0U);
  EXPECT_EQ(server.jobs().size(), 0U);
  none.set(key);
  EXPECT_EQ(server.exchange(request)->status, 201);
}

}  // namespace
}  // namespace darkroom::http
