#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/http/job_with_files.hpp"
#include "tests/http/pictures.hpp"
#include "tests/http/test_server.hpp"

namespace darkroom::http {
namespace {

using testing::HasSubstr;

class DeliveryRoutesTest : public testing::Test {
 protected:
  jobs::Delivery add(jobs::DeliveryStatus status = jobs::DeliveryStatus::pending) {
    const jobs::Delivery delivery{
        .id = jobs::JobId::generate(jobs::system_now() + ++made_),
        .subject = job_.id,
        .event = "job.completed",
        .channel = "webhook",
        .target = "https://example.com/hook",
        .body = "not to be shown",
        .status = status,
        .created_at = jobs::parse_rfc3339("2026-11-21T03:31:08.250Z").value(),
        .due_at = jobs::parse_rfc3339("2026-11-21T03:36:08.250Z").value(),
        .tries = {{.at = jobs::parse_rfc3339("2026-11-21T03:31:08.260Z").value(),
                   .error = "Nothing takes the connection.",
                   .milliseconds = 12},
                  {.at = jobs::parse_rfc3339("2026-11-21T03:31:13.260Z").value(),
                   .status = 503,
                   .error = "The receiver answered 503.",
                   .milliseconds = 7}}};
    server_.jobs().add_delivery(delivery);
    return delivery;
  }

  RawResponse ask(std::string_view method, const std::string& path) {
    return server_.exchange(request_text(method, path)).value();
  }

  [[nodiscard]] std::string path() const {
    return "/v1/jobs/" + job_.id.to_string() + "/deliveries";
  }

  std::chrono::milliseconds made_{0};  ///< So that each is newer than the one before.
  persistence::ClientUrlKey key_{persistence::SigningKey{1, 2, 3}};
  TestServer server_{[this](Services& services) { services.client_urls = &key_; }};
  jobs::Job job_ = make_job_with_file(server_, "abc");
};

TEST_F(DeliveryRoutesTest, ListsNothingWhereNobodyIsTold) {
  const auto list = ask("GET", path());
  EXPECT_EQ(list.status, 200);
  EXPECT_EQ(list.body, "{\"deliveries\":[]}\n");
}

TEST_F(DeliveryRoutesTest, ListsWhatWasTriedTheNewestFirst) {
  const auto first = add();
  const auto second = add(jobs::DeliveryStatus::delivered);
  const auto list = ask("GET", path());
  EXPECT_EQ(list.status, 200);
  EXPECT_EQ(list.field("content-type"), "application/json");
  const auto one = [](const jobs::Delivery& delivery, const std::string& status_and_next) {
    return "{\"id\":\"" + delivery.id.to_string() +
           R"(","event":"job.completed","channel":"webhook","target":"https://example.com/hook",)" +
           status_and_next +
           R"("tries":[{"at":"2026-11-21T03:31:08.260Z","status":null,)"
           R"("error":"Nothing takes the connection.","ms":12},)"
           R"({"at":"2026-11-21T03:31:13.260Z","status":503,)"
           R"("error":"The receiver answered 503.","ms":7}]})";
  };
  const std::string created = R"("created_at":"2026-11-21T03:31:08.250Z",)";
  EXPECT_EQ(list.body,
            "{\"deliveries\":[" +
                one(second, R"("status":"delivered",)" + created + R"("next_try_at":null,)") + "," +
                one(first, R"("status":"pending",)" + created +
                               R"("next_try_at":"2026-11-21T03:36:08.250Z",)") +
                "]}\n");
}

TEST_F(DeliveryRoutesTest, SendsOneAgain) {
  const auto delivery = add(jobs::DeliveryStatus::failed);
  const auto again = ask("POST", path() + "/" + delivery.id.to_string() + "/replay");
  EXPECT_EQ(again.status, 202);
  EXPECT_EQ(again.member("id"), delivery.id.to_string());
  EXPECT_EQ(again.member("status"), "pending");
  EXPECT_EQ(server_.jobs().deliveries(job_.id)->at(0).status, jobs::DeliveryStatus::pending);
}

TEST_F(DeliveryRoutesTest, KnowsNoOther) {
  const auto delivery = add();
  const auto other = make_job_with_file(server_, "abc");
  const auto unknown = jobs::JobId::generate(jobs::system_now()).to_string();
  for (const auto& id : {unknown, std::string{"42"}, job_.id.to_string()}) {
    const auto refused = ask("POST", path() + "/" + id + "/replay");
    EXPECT_EQ(refused.status, 404) << id;
    EXPECT_EQ(refused.problem_code(), "unknown_delivery");
  }
  EXPECT_EQ(ask("POST", "/v1/jobs/" + other.id.to_string() + "/deliveries/" +
                            delivery.id.to_string() + "/replay")
                .problem_code(),
            "unknown_delivery");
  for (const auto& job : {unknown, std::string{"42"}}) {
    EXPECT_EQ(ask("GET", "/v1/jobs/" + job + "/deliveries").problem_code(), "unknown_job");
    EXPECT_EQ(ask("POST", "/v1/jobs/" + job + "/deliveries/" + delivery.id.to_string() + "/replay")
                  .problem_code(),
              "unknown_job");
  }
}

TEST_F(DeliveryRoutesTest, SaysThatACallbackCannotBeSigned) {
  server_.jobs().fail_create(actors::ServiceErrorCode::no_callbacks, "There is no secret.");
  const auto refused = server_.exchange(form_request(file_part(pnm_picture(4, 3))));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 403);
  EXPECT_EQ(refused->problem_code(), "callbacks_disabled");
  EXPECT_EQ(refused->member("detail"), "There is no secret.");
}

TEST_F(DeliveryRoutesTest, ShowATenantNoMoreThanTheHostOfTheOperatorsOwnReceiver) {
  add();
  auto mail = add();
  mail.channel = "email";
  mail.target = "ops@example.com";
  server_.jobs().add_delivery(mail);
  const auto secret = server_.jobs().make_key(persistence::KeyScope::write, "anna");
  server_.jobs().set_tenant(job_.id, "anna");
  const auto list =
      server_.exchange(request_text("GET", path(), "Authorization: Bearer " + secret + "\r\n"));
  ASSERT_TRUE(list);
  EXPECT_THAT(list->body, HasSubstr(R"("target":"https://example.com")"));
  EXPECT_THAT(list->body, HasSubstr(R"("target":"email")"));
  EXPECT_THAT(list->body, testing::Not(HasSubstr("/hook")));
  EXPECT_THAT(list->body, testing::Not(HasSubstr("ops@")));
}

TEST_F(DeliveryRoutesTest, HaveTheSameForABatch) {
  const auto created = server_.exchange(request_text(
      "POST", "/v1/batches", "Content-Type: multipart/form-data; boundary=frontier\r\n",
      file_part(pnm_picture(4, 3)) + "--frontier--\r\n"));
  ASSERT_TRUE(created);
  ASSERT_EQ(created->status, 201) << created->body;
  auto delivery = add(jobs::DeliveryStatus::failed);
  delivery.id = jobs::JobId::generate(jobs::system_now());
  delivery.subject = jobs::JobId::parse(created->member("id")).value();
  delivery.event = "batch.completed";
  server_.jobs().add_delivery(delivery);
  const auto of_batch = "/v1/batches/" + delivery.subject.to_string() + "/deliveries";
  EXPECT_THAT(ask("GET", of_batch).body, HasSubstr(R"("event":"batch.completed")"));
  EXPECT_EQ(ask("POST", of_batch + "/" + delivery.id.to_string() + "/replay").status, 202);
  EXPECT_EQ(ask("GET", "/v1/batches/" + job_.id.to_string() + "/deliveries").problem_code(),
            "unknown_batch");
  EXPECT_EQ(ask("POST", path() + "/" + delivery.id.to_string() + "/replay").problem_code(),
            "unknown_delivery");
}

TEST_F(DeliveryRoutesTest, OfABatchAreItsTenantsAlone) {
  const auto key_line = [&](const std::string& tenant) {
    return "Authorization: Bearer " +
           server_.jobs().make_key(persistence::KeyScope::write, tenant) + "\r\n";
  };
  const auto anna = key_line("anna");
  const auto bert = key_line("bert");
  const auto created = server_.exchange(request_text(
      "POST", "/v1/batches", "Content-Type: multipart/form-data; boundary=frontier\r\n" + anna,
      file_part(pnm_picture(4, 3)) + "--frontier--\r\n"));
  ASSERT_TRUE(created);
  ASSERT_EQ(created->status, 201) << created->body;
  auto delivery = add(jobs::DeliveryStatus::failed);
  delivery.subject = jobs::JobId::parse(created->member("id")).value();
  server_.jobs().add_delivery(delivery);
  const auto of_batch = "/v1/batches/" + delivery.subject.to_string() + "/deliveries";
  const auto replay = of_batch + "/" + delivery.id.to_string() + "/replay";
  EXPECT_EQ(server_.exchange(request_text("GET", of_batch, bert))->problem_code(), "unknown_batch");
  EXPECT_EQ(server_.exchange(request_text("POST", replay, bert))->problem_code(), "unknown_batch");
  EXPECT_EQ(server_.exchange(request_text("GET", of_batch, anna))->status, 200);
  EXPECT_EQ(server_.exchange(request_text("POST", replay, anna))->status, 202);
}

}  // namespace
}  // namespace darkroom::http
