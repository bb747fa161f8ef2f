#include "http/job_view.hpp"

#include <gtest/gtest.h>

namespace darkroom::http {
namespace {

jobs::Timestamp at(std::string_view text) {
  return jobs::parse_rfc3339(text).value();
}

jobs::Job sample_job() {
  jobs::Job job;
  job.id = jobs::JobId::parse("0190f0c2-7b1a-7c3e-9f00-1a2b3c4d5e6f").value();
  job.preset = "default";
  job.created_at = at("2026-11-21T03:31:08.250Z");
  job.updated_at = at("2026-11-21T03:31:08.250Z");
  job.expires_at = at("2026-11-22T03:31:08.250Z");
  job.original = {"uploads/originals/0190f0c2-7b1a-7c3e-9f00-1a2b3c4d5e6f.jpg",
                  "gr\xC3\xBC\xC3\x9F \"x\".jpg",
                  "image/jpeg",
                  "jpeg",
                  "abc123",
                  12'345,
                  640,
                  480};
  job.renditions.emplace_back().spec = jobs::default_preset().renditions.at(0);
  return job;
}

TEST(JobView, ShowsAPendingJobWithNullsForWhatIsNotKnown) {
  EXPECT_EQ(
      job_view(sample_job()),
      R"({"id":"0190f0c2-7b1a-7c3e-9f00-1a2b3c4d5e6f","status":"pending","preset":"default",)"
      R"("queue":"default","priority":"normal",)"
      R"("created_at":"2026-11-21T03:31:08.250Z","updated_at":"2026-11-21T03:31:08.250Z",)"
      R"("completed_at":null,"expires_at":"2026-11-22T03:31:08.250Z","error_message":null,)"
      R"("reused_from":null,"not_before":null,"metadata":null,"request_id":null,)"
      R"("original":{"url":"/files/uploads/originals/0190f0c2-7b1a-7c3e-9f00-1a2b3c4d5e6f.jpg",)"
      "\"filename\":\"gr\xC3\xBC\xC3\x9F \\\"x\\\".jpg\","
      R"("content_type":"image/jpeg","bytes":12345,"sha256":"abc123","width":640,"height":480,)"
      R"("format":"jpeg","frames":1,"blurhash":null,"dominant_colour":null},)"
      R"("renditions":[{"name":"resized","operation":"resize",)"
      R"("status":"pending","url":null,"content_type":null,"bytes":null,"width":null,)"
      R"("height":null,"error_message":null}],"attempts":[]})"
      "\n");
}

TEST(JobView, ShowsWhatARenditionCameTo) {
  jobs::Job job = sample_job();
  job.status = jobs::JobStatus::completed;
  job.completed_at = at("2026-11-21T03:31:09.000Z");
  auto& rendition = job.renditions.at(0);
  rendition.status = jobs::RenditionStatus::completed;
  rendition.blob_key = "uploads/resized/x.jpg";
  rendition.content_type = "image/jpeg";
  rendition.bytes = 99;
  rendition.width = 10;
  rendition.height = 20;
  const std::string view = job_view(job);
  EXPECT_NE(view.find(R"("status":"completed","preset")"), std::string::npos);
  EXPECT_NE(view.find(R"("completed_at":"2026-11-21T03:31:09.000Z")"), std::string::npos);
  EXPECT_NE(view.find(R"("status":"completed","url":"/files/uploads/resized/x.jpg",)"
                      R"("content_type":"image/jpeg","bytes":99,"width":10,"height":20,)"
                      R"("error_message":null})"),
            std::string::npos)
      << view;
}

TEST(JobView, WritesAddressesAsItIsTold) {
  jobs::Job job = sample_job();
  job.renditions.at(0).status = jobs::RenditionStatus::completed;
  job.renditions.at(0).blob_key = "uploads/resized/x.jpg";
  const std::string whole = job_view(job, {.base_url = "https://pictures.example"});
  EXPECT_NE(whole.find(R"("url":"https://pictures.example/files/uploads/originals/0190f0c2)"),
            std::string::npos);
  EXPECT_NE(whole.find(R"("url":"https://pictures.example/files/uploads/resized/x.jpg",)"),
            std::string::npos);
  const persistence::ClientUrls signer{persistence::SigningKey{}};
  const auto until = at("2026-11-22T03:35:00.000Z");
  const std::string view = job_view(job, {.base_url = "", .signer = signer, .signed_until = until});
  EXPECT_NE(view.find("\"url\":\"" + signer.sign("/files/uploads/resized/x.jpg", until) + '"'),
            std::string::npos)
      << view;
}

TEST(JobView, ShowsWhatWasFoundInTheOriginal) {
  jobs::Job job = sample_job();
  job.preset = "";
  job.original.frames = 12;
  job.original.blurhash = "LEHV6nWB2yk8pyo0adR*.7kCMdnj";
  job.original.dominant_colour = "#336699";
  const std::string view = job_view(job);
  EXPECT_NE(view.find(R"("preset":null,)"), std::string::npos) << view;
  EXPECT_NE(view.find(R"("frames":12,"blurhash":"LEHV6nWB2yk8pyo0adR*.7kCMdnj",)"
                      R"("dominant_colour":"#336699"})"),
            std::string::npos)
      << view;
}

TEST(JobView, ShowsTheQueueAndWhoseResultsItHas) {
  jobs::Job job = sample_job();
  job.queue = "night";
  job.reused_from = job.id;
  const std::string view = job_view(job);
  EXPECT_NE(view.find(R"("queue":"night",)"), std::string::npos) << view;
  EXPECT_NE(view.find(R"("reused_from":"0190f0c2-7b1a-7c3e-9f00-1a2b3c4d5e6f",)"),
            std::string::npos)
      << view;
}

TEST(JobView, ShowsWhyThereWereSeveralAttempts) {
  jobs::Job job = sample_job();
  const auto start = at("2026-11-21T03:31:08.300Z");
  const auto end = at("2026-11-21T03:31:08.400Z");
  using Outcome = jobs::AttemptOutcome;
  job.attempts = {{1, "w1", start, end, Outcome::failed, "no space \xFF"},
                  {2, "w1", start, end, Outcome::handed_back, "the worker stopped"},
                  {3, "w2", start, std::nullopt, Outcome::running, std::nullopt}};
  const std::string view = job_view(job);
  EXPECT_NE(view.find(R"("attempts":[{"number":1,"worker":"w1",)"
                      R"("started_at":"2026-11-21T03:31:08.300Z",)"
                      R"("finished_at":"2026-11-21T03:31:08.400Z",)"
                      "\"outcome\":\"failed\",\"error\":\"no space \xEF\xBF\xBD\"}"),
            std::string::npos)
      << view;
  EXPECT_NE(view.find(R"("number":2)"), std::string::npos);
  EXPECT_NE(view.find(R"("outcome":"handed_back","error":"the worker stopped")"),
            std::string::npos);
  EXPECT_NE(view.find(R"("finished_at":null,"outcome":"running","error":null}]})"),
            std::string::npos)
      << view;
}

}  // namespace
}  // namespace darkroom::http
