#include "http/delivery_payload.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "jobs/batch.hpp"
#include "jobs/job.hpp"
#include "jobs/timestamp.hpp"
#include "json/json_writer.hpp"
#include "persistence/packed_batch.hpp"
#include "persistence/packed_job.hpp"

namespace darkroom::http {
namespace {

bool is_about_batch(const jobs::Delivery& delivery) {
  return delivery.event.starts_with("batch.");
}

/// What there is to know of a batch without looking at its jobs.
std::string batch_data(const jobs::Batch& batch) {
  json::JsonWriter writer;
  writer.member("id", batch.id.to_string());
  writer.member("status", batch.completed_at ? "completed" : "processing");
  writer.member("created_at", jobs::to_rfc3339(batch.created_at));
  writer.member("completed_at", batch.completed_at
                                    ? std::optional{jobs::to_rfc3339(*batch.completed_at)}
                                    : std::nullopt);
  writer.member("expires_at", jobs::to_rfc3339(batch.expires_at));
  if (batch.metadata.empty()) {
    writer.member("metadata", nullptr);
  } else {
    writer.raw_member("metadata", batch.metadata);
  }
  writer.object("counts", [&] { writer.member("total", batch.total); });
  const auto id = batch.id.to_string();
  writer.object("links", [&] {
    writer.member("self", "/v1/batches/" + id);
    writer.member("jobs", "/v1/jobs?batch=" + id);
  });
  return writer.finish();
}

/// Enough to ask for the rest.
std::string short_job_data(const jobs::Job& job) {
  json::JsonWriter writer;
  writer.member("id", job.id.to_string());
  writer.member("status", to_string(job.status));
  writer.member("completed_at", job.completed_at
                                    ? std::optional{jobs::to_rfc3339(*job.completed_at)}
                                    : std::nullopt);
  writer.member("error_message", job.error_message);
  writer.member("truncated", true);
  return writer.finish();
}

std::string envelope(const jobs::Delivery& delivery, const std::string& data) {
  json::JsonWriter writer;
  writer.member("type", delivery.event);
  writer.member("timestamp", jobs::to_rfc3339(delivery.created_at));
  writer.raw_member("data", data);
  return writer.finish();
}

std::string job_lines(const jobs::Job& job, const ViewOptions& options) {
  std::string lines = fmt::format("Job: {}\nPicture: {}\nStatus: {}\n", job.id.to_string(),
                                  job.original.filename, to_string(job.status));
  if (job.error_message) lines += "Error: " + *job.error_message + "\n";
  for (const auto& rendition : job.renditions) {
    if (rendition.status != jobs::RenditionStatus::completed) continue;
    lines += fmt::format("{}: {}x{}, {} bytes, {}\n", rendition.spec.name, rendition.width,
                         rendition.height, rendition.bytes, file_url(rendition.blob_key, options));
  }
  return lines;
}

/// A name of a file may be any text; in a header field a line break would begin another one.
std::string one_line(std::string text) {
  constexpr unsigned char first_printable = 0x20;
  std::ranges::replace_if(
      text, [](unsigned char c) { return c < first_printable || c == 0x7f; }, ' ');
  return text;
}

}  // namespace

tl::expected<WebhookPayload, std::string> webhook_payload(const jobs::Delivery& delivery,
                                                          const ViewOptions& options) {
  if (is_about_batch(delivery)) {
    const auto batch = persistence::unpack_batch(delivery.body);
    if (!batch) return tl::unexpected{batch.error()};
    return WebhookPayload{envelope(delivery, batch_data(*batch))};
  }
  const auto job = persistence::unpack_job(delivery.body);
  if (!job) return tl::unexpected{job.error()};
  WebhookPayload payload{envelope(delivery, job_object(*job, options)), job->trace_parent};
  if (payload.body.size() > most_payload_bytes)
    payload.body = envelope(delivery, short_job_data(*job));
  return payload;
}

tl::expected<MailText, std::string> mail_text(const jobs::Delivery& delivery,
                                              const ViewOptions& options) {
  if (is_about_batch(delivery)) {
    const auto batch = persistence::unpack_batch(delivery.body);
    if (!batch) return tl::unexpected{batch.error()};
    return MailText{fmt::format("Batch of {} pictures done", batch->total),
                    fmt::format("Batch: {}\nPictures: {}\n", batch->id.to_string(), batch->total)};
  }
  const auto job = persistence::unpack_job(delivery.body);
  if (!job) return tl::unexpected{job.error()};
  const bool failed = job->status == jobs::JobStatus::failed;
  return MailText{
      one_line(fmt::format("Picture {}: {}", failed ? "failed" : "done", job->original.filename)),
      job_lines(*job, options)};
}

}  // namespace darkroom::http
