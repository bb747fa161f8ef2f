#include "http/delivery_payload.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "persistence/packed_batch.hpp"
#include "persistence/packed_job.hpp"
#include "tests/persistence/sample_job.hpp"

namespace darkroom::http {
namespace {

using testing::HasSubstr;
using testing::Not;

jobs::Job completed_job() {
  auto job = persistence::with_status(persistence::pending_job(), jobs::JobStatus::completed);
  job.original.filename = "photo.jpg";
  jobs::Rendition rendition;
  rendition.spec.name = "thumbnail";
  rendition.status = jobs::RenditionStatus::completed;
  rendition.blob_key = "uploads/thumbnails/x.jpg";
  rendition.width = 300;
  rendition.height = 200;
  rendition.bytes = 1234;
  job.renditions = {rendition};
  return job;
}

jobs::Delivery delivery_of(const jobs::Job& job) {
  return {.id = jobs::JobId::generate(persistence::at(0)),
          .subject = job.id,
          .event = "job." + std::string{to_string(job.status)},
          .channel = "webhook",
          .body = persistence::pack_job(job),
          .created_at = jobs::parse_rfc3339("2026-11-21T03:31:08.250Z").value()};
}

TEST(WebhookPayload, HasTheJobAsItsRouteShowsIt) {
  const auto job = completed_job();
  const ViewOptions options{.base_url = "https://pictures.example"};
  EXPECT_EQ(webhook_payload(delivery_of(job), options)->body,
            R"({"type":"job.completed","timestamp":"2026-11-21T03:31:08.250Z","data":)" +
                job_object(job, options) + "}");
}

TEST(WebhookPayload, OfALongJobHasWhatIsNeededToAskForTheRest) {
  auto job = completed_job();
  auto longest = job.renditions.front();
  longest.error_message = std::string(200, 'x');
  job.renditions.assign(99, longest);
  job.error_message = "No.";
  const auto payload = webhook_payload(delivery_of(job), {})->body;
  EXPECT_LE(payload.size(), most_payload_bytes);
  EXPECT_THAT(payload, HasSubstr(R"("data":{"id":")" + job.id.to_string() + '"'));
  EXPECT_THAT(payload, HasSubstr(R"("status":"completed")"));
  EXPECT_THAT(payload, HasSubstr(R"("error_message":"No.","truncated":true}})"));
}

TEST(WebhookPayload, BelongsToTheTraceOfTheUpload) {
  auto job = completed_job();
  EXPECT_EQ(webhook_payload(delivery_of(job), {})->trace_parent, "");
  job.trace_parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  EXPECT_EQ(webhook_payload(delivery_of(job), {})->trace_parent, job.trace_parent);
}

TEST(WebhookPayload, OfABatchHasItsNumbers) {
  const jobs::Batch batch{.id = jobs::JobId::generate(persistence::at(0)),
                          .completed_at = persistence::at(5),
                          .total = 7,
                          .metadata = R"({"album":1})"};
  const jobs::Delivery delivery{.id = batch.id,
                                .subject = batch.id,
                                .event = "batch.completed",
                                .body = persistence::pack_batch(batch)};
  const auto payload = webhook_payload(delivery, {})->body;
  EXPECT_THAT(payload, HasSubstr(R"({"type":"batch.completed","timestamp":)"));
  EXPECT_THAT(payload, HasSubstr(R"("status":"completed")"));
  EXPECT_THAT(payload, HasSubstr(R"("metadata":{"album":1},"counts":{"total":7})"));
  EXPECT_THAT(mail_text(delivery, {})->subject, HasSubstr("7 pictures"));
}

TEST(WebhookPayload, SaysWhatIsWrongWithADamagedRecord) {
  auto delivery = delivery_of(completed_job());
  delivery.body = "rubbish";
  EXPECT_FALSE(webhook_payload(delivery, {}));
  EXPECT_FALSE(mail_text(delivery, {}));
  delivery.event = "batch.completed";
  EXPECT_FALSE(webhook_payload(delivery, {}));
  EXPECT_FALSE(mail_text(delivery, {}));
}

TEST(MailText, SaysWhatWasMadeAndWhereItIs) {
  const auto text =
      mail_text(delivery_of(completed_job()), {.base_url = "https://pictures.example"}).value();
  EXPECT_EQ(text.subject, "Picture done: photo.jpg");
  EXPECT_THAT(text.body, HasSubstr("Status: completed\n"));
  EXPECT_THAT(text.body, HasSubstr("thumbnail: 300x200, 1234 bytes, "
                                   "https://pictures.example/files/uploads/thumbnails/x.jpg\n"));
}

TEST(MailText, SaysWhyAJobHasFailed) {
  auto job = persistence::with_status(completed_job(), jobs::JobStatus::failed);
  job.error_message = "The picture is broken.";
  const auto text = mail_text(delivery_of(job), {}).value();
  EXPECT_EQ(text.subject, "Picture failed: photo.jpg");
  EXPECT_THAT(text.body, HasSubstr("Error: The picture is broken.\n"));
}

TEST(MailText, ANameOfAFileMakesNoLineOfItsOwnInTheSubject) {
  auto job = completed_job();
  job.original.filename = "a\r\nBcc: everybody@example.com";
  EXPECT_THAT(mail_text(delivery_of(job), {})->subject, Not(testing::ContainsRegex("[\r\n]")));
}

}  // namespace
}  // namespace darkroom::http
