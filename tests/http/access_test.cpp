#include "http/access.hpp"

#include <chrono>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/http/job_with_files.hpp"
#include "tests/http/pictures.hpp"
#include "tests/http/test_server.hpp"

// Who is let in once the service has API keys.

namespace darkroom::http {
namespace {

using persistence::KeyScope;
using testing::HasSubstr;
using testing::Not;

class AccessTest : public testing::Test {
 protected:
  explicit AccessTest(Options options = {})
      : server_{[this](Services& services) { services.client_urls = &key_; }, std::move(options)} {}

  [[nodiscard]] RawResponse send(const std::string& method, const std::string& target,
                                 const std::string& header_lines = "") const {
    return server_.exchange(request_text(method, target, header_lines)).value_or(RawResponse{});
  }

  [[nodiscard]] RawResponse upload(const std::string& header_line) const {
    auto request = form_request(file_part(pnm_picture(4, 3)));
    request.insert(request.find("\r\n") + 2, header_line);
    return server_.exchange(request).value_or(RawResponse{});
  }

  [[nodiscard]] static std::string bearer(const std::string& secret) {
    return "Authorization: Bearer " + secret + "\r\n";
  }

  /// The address of the original as the job shows it.
  [[nodiscard]] std::string address(const jobs::Job& job, const std::string& key_line) const {
    const auto view = send("GET", "/v1/jobs/" + job.id.to_string(), key_line).body;
    const auto begin = view.find("/files/");
    return view.substr(begin, view.find('"', begin) - begin);
  }

  persistence::ClientUrlKey key_{persistence::SigningKey{1, 2, 3}};
  TestServer server_;
};

TEST_F(AccessTest, IsForEverybodyWithoutKeys) {
  EXPECT_EQ(upload("").status, 201);
  EXPECT_EQ(upload("X-API-Key: whatever\r\n").status, 201);
  const auto job = make_job_with_file(server_, "abc");
  EXPECT_THAT(address(job, ""), Not(HasSubstr("signature=")));
}

TEST_F(AccessTest, WantsAKeyOnceThereIsOne) {
  const auto secret = server_.jobs().make_key(KeyScope::write);
  const auto refused = upload("");
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.problem_code(), "unauthorized");
  EXPECT_EQ(refused.field("www-authenticate"), "Bearer realm=\"darkroom\"");
  EXPECT_EQ(refused.field("connection"), "close") << "its body was not read";
  EXPECT_EQ(upload(bearer(secret)).status, 201);
  EXPECT_EQ(upload("X-API-Key: " + secret + "\r\n").status, 201);
  EXPECT_EQ(server_.jobs().last_upload().tenant, secret.substr(3, 12));
}

TEST_F(AccessTest, SaysWhatIsWrongWithAKey) {
  const auto secret = server_.jobs().make_key(KeyScope::write);
  const auto other = persistence::make_api_key("x", KeyScope::admin, "", jobs::Timestamp{}).secret;
  auto forged = secret;
  forged.back() = forged.back() == 'a' ? 'b' : 'a';
  for (const auto& [shown, said] : {std::pair{std::string{"whatever"}, "has not the form of one"},
                                    {secret.substr(0, 20), "has not the form of one"},
                                    {other, "There is no such API key as dk_"},
                                    {forged, "There is no such API key as dk_"}}) {
    const auto refused = upload(bearer(shown));
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(refused.field("www-authenticate"),
              "Bearer realm=\"darkroom\", error=\"invalid_token\"");
    EXPECT_THAT(refused.member("detail"), HasSubstr(said));
    EXPECT_THAT(refused.body, Not(HasSubstr(shown))) << "a secret is nothing for an answer";
  }
}

TEST_F(AccessTest, IsAsWideAsTheScopeOfTheKey) {
  const auto reads = bearer(server_.jobs().make_key(KeyScope::read, "shop"));
  const auto writes = bearer(server_.jobs().make_key(KeyScope::write, "shop"));
  const auto made = upload(writes);
  ASSERT_EQ(made.status, 201);
  const auto path = made.field("location");
  EXPECT_EQ(send("GET", path, reads).status, 200);
  EXPECT_EQ(send("GET", path, writes).status, 200);
  const auto refused = send("DELETE", path, reads);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.problem_code(), "forbidden_scope");
  EXPECT_EQ(refused.field("www-authenticate"),
            "Bearer realm=\"darkroom\", error=\"insufficient_scope\", scope=\"write\"");
  EXPECT_EQ(refused.member("detail"),
            "This takes a key of the scope write; the one that was sent has the scope read.");
  EXPECT_EQ(upload(reads).status, 403);
  EXPECT_EQ(send("DELETE", path, writes).status, 204);
}

TEST_F(AccessTest, IsOfAdminsToAllJobs) {
  const auto job = make_job_with_file(server_, "abc");
  const auto path = "/v1/jobs/" + job.id.to_string();
  const auto writes = bearer(server_.jobs().make_key(KeyScope::write));
  const auto admin = bearer(server_.jobs().make_key(KeyScope::admin));
  EXPECT_EQ(send("GET", path, writes).status, 404) << "it was made before there were keys";
  EXPECT_EQ(send("GET", path, admin).status, 200);
  EXPECT_EQ(send("DELETE", path, admin).status, 204);
}

TEST_F(AccessTest, EndsWithinASecondOfARevocation) {
  const auto secret = server_.jobs().make_key(KeyScope::write);
  ASSERT_EQ(upload(bearer(secret)).status, 201);
  auto table = server_.jobs().api_keys(0).value();
  table.keys.front().revoked_at = jobs::Timestamp{std::chrono::seconds{1'795'000'000}};
  ASSERT_TRUE(server_.jobs().put_api_keys(table));
  std::this_thread::sleep_for(KeyRing::fresh_for);
  const auto refused = upload(bearer(secret));
  EXPECT_EQ(refused.status, 401);
  EXPECT_THAT(refused.member("detail"), HasSubstr("was revoked at 2026-11-18T"));
  EXPECT_EQ(upload("").status, 401) << "the last one does not open the service";
}

TEST_F(AccessTest, IsClosedWhileNobodyKnowsTheKeys) {
  server_.jobs().fail_keys(true);
  const auto refused =
      send("GET", "/v1/jobs/" + jobs::JobId::generate(jobs::system_now()).to_string());
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.problem_code(), "unavailable");
  EXPECT_EQ(send("GET", "/healthz").status, 200);
}

TEST_F(AccessTest, NeedsNoKeyForASignedAddress) {
  const auto secret = server_.jobs().make_key(KeyScope::read, "shop");
  auto job = make_job_with_file(server_, "abc");
  server_.jobs().set_tenant(job.id, "shop");
  const auto signed_address = address(job, bearer(secret));
  ASSERT_THAT(signed_address, HasSubstr("signature="));
  EXPECT_EQ(send("GET", signed_address).body, "abc");
  EXPECT_EQ(send("HEAD", signed_address).status, 200);
  EXPECT_EQ(send("GET", signed_address, "X-API-Key: of another proxy\r\n").status, 200);
  const auto plain = "/files/" + job.original.blob_key;
  EXPECT_EQ(send("GET", plain).status, 401);
  EXPECT_EQ(send("GET", plain, bearer(secret)).body, "abc");
  auto forged = signed_address;
  forged.back() = forged.back() == '0' ? '1' : '0';
  EXPECT_EQ(send("GET", forged).problem_code(), "bad_signature");
  // It lets in to the file and nowhere else.
  const auto query = signed_address.substr(signed_address.find('?'));
  EXPECT_EQ(send("GET", "/v1/jobs/" + job.id.to_string() + query).status, 401);
  EXPECT_EQ(send("DELETE", "/v1/jobs/" + job.id.to_string() + query).status, 401);
  EXPECT_EQ(send("GET", "/v1/jobs/" + job.id.to_string() + "/files/original" + query).status, 403);
}

TEST_F(AccessTest, TakesTheSameIdempotencyKeyOfTwoTenants) {
  const auto one = bearer(server_.jobs().make_key(KeyScope::write));
  const auto other = bearer(server_.jobs().make_key(KeyScope::write));
  const std::string key = "Idempotency-Key: \"k\"\r\n";
  EXPECT_EQ(upload(one + key).status, 201);
  EXPECT_EQ(upload(other + key).status, 201);
  EXPECT_EQ(upload(one + key).status, 200);
}

class LimitedAccess : public AccessTest {
 protected:
  LimitedAccess() : AccessTest(limited()) {}
  static Options limited() {
    Options options;
    options.rates = {.requests = 1, .uploads = 0, .window = std::chrono::hours{1}};
    return options;
  }
};

TEST_F(LimitedAccess, IsCountedForEachKeyFromAnyAddress) {
  const auto one = server_.jobs().make_key(KeyScope::read);
  const auto other = server_.jobs().make_key(KeyScope::read);
  const auto path = "/v1/jobs/" + jobs::JobId::generate(jobs::system_now()).to_string();
  EXPECT_EQ(send("GET", path, bearer(one)).status, 404);
  EXPECT_EQ(send("GET", path, "X-API-Key: " + one + "\r\n").status, 429);
  RawClient client{server_.port(), "127.0.0.2"};
  client.send(request_text("GET", path, bearer(one)));
  EXPECT_EQ(client.receive()->status, 429);
  EXPECT_EQ(send("GET", path, bearer(other)).status, 404);
}

TEST_F(LimitedAccess, IsCountedForTheAddressWhereNoKeyWasGood) {
  EXPECT_EQ(server_.jobs().make_key(KeyScope::read).empty(), false);
  const auto path = "/v1/jobs/" + jobs::JobId::generate(jobs::system_now()).to_string();
  EXPECT_EQ(send("GET", path, "X-API-Key: one\r\n").status, 401);
  EXPECT_EQ(send("GET", path, "X-API-Key: two\r\n").status, 429);
}

}  // namespace
}  // namespace darkroom::http
