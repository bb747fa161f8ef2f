#include "http/job_view.hpp"

#include <optional>
#include <string_view>

#include "http/percent_encoding.hpp"
#include "jobs/timestamp.hpp"
#include "json/json_writer.hpp"

namespace darkroom::http {
namespace {

using json::JsonWriter;

void member(JsonWriter& writer, std::string_view name, jobs::Timestamp value) {
  writer.member(name, jobs::to_rfc3339(value));
}

void member(JsonWriter& writer, std::string_view name,
            const std::optional<jobs::Timestamp>& value) {
  if (value) {
    member(writer, name, *value);
  } else {
    writer.member(name, nullptr);
  }
}

void write_original(JsonWriter& writer, const jobs::Job& job, const ViewOptions& options) {
  const auto& original = job.original;
  // What is yet to be fetched is not known: null, not 0.
  const bool there = has_original(job);
  const auto once_there = [there](auto value) {
    return there ? std::optional{value} : std::nullopt;
  };
  writer.member("url", once_there(there ? file_url(original.blob_key, options) : ""));
  writer.member("filename", original.filename);
  writer.member("content_type", once_there(original.content_type));
  writer.member("bytes", once_there(original.bytes));
  writer.member("sha256", once_there(original.sha256));
  writer.member("width", once_there(original.width));
  writer.member("height", once_there(original.height));
  writer.member("format", once_there(original.format));
  writer.member("frames", once_there(original.frames));
  writer.member("blurhash", original.blurhash);
  writer.member("dominant_colour", original.dominant_colour);
}

void write_rendition(JsonWriter& writer, const jobs::Rendition& rendition,
                     const ViewOptions& options) {
  // What a rendition measures is known once it is made; until then null, not 0.
  const bool made = rendition.status == jobs::RenditionStatus::completed;
  const auto once_made = [made](auto value) { return made ? std::optional{value} : std::nullopt; };
  writer.member("name", rendition.spec.name);
  writer.member("operation", to_string(rendition.spec.operation));
  writer.member("status", to_string(rendition.status));
  writer.member("url", once_made(made ? file_url(rendition.blob_key, options) : ""));
  writer.member("content_type", once_made(rendition.content_type));
  writer.member("bytes", once_made(rendition.bytes));
  writer.member("width", once_made(rendition.width));
  writer.member("height", once_made(rendition.height));
  writer.member("error_message", rendition.error_message);
}

void write_attempt(JsonWriter& writer, const jobs::Attempt& attempt) {
  writer.member("number", attempt.number);
  writer.member("worker", attempt.worker);
  member(writer, "started_at", attempt.started_at);
  member(writer, "finished_at", attempt.finished_at);
  writer.member("outcome", to_string(attempt.outcome));
  writer.member("error", attempt.error);
}

}  // namespace

std::string address_of(std::string_view path, const ViewOptions& options) {
  std::string address = options.base_url + percent_encoded(path);
  // What is signed is the path as it is once decoded.
  if (options.signer)
    address += options.signer->sign(path, options.signed_until).substr(path.size());
  return address;
}

std::string file_url(std::string_view blob_key, const ViewOptions& options) {
  return address_of("/files/" + std::string{blob_key}, options);
}

std::string job_object(const jobs::Job& job, const ViewOptions& options) {
  JsonWriter writer;
  writer.member("id", job.id.to_string());
  writer.member("status", to_string(job.status));
  writer.member("preset", job.preset.empty() ? std::nullopt : std::optional{job.preset});
  writer.member("queue", job.queue);
  writer.member("priority", to_string(static_cast<jobs::Priority>(job.priority)));
  member(writer, "created_at", job.created_at);
  member(writer, "updated_at", job.updated_at);
  member(writer, "completed_at", job.completed_at);
  member(writer, "expires_at", job.expires_at);
  writer.member("error_message", job.error_message);
  writer.member("reused_from",
                job.reused_from ? std::optional{job.reused_from->to_string()} : std::nullopt);
  if (job.batch) writer.member("batch", job.batch->to_string());
  member(writer, "not_before", job.not_before);
  if (job.metadata.empty()) {
    writer.member("metadata", nullptr);
  } else {
    writer.raw_member("metadata", job.metadata);
  }
  if (!job.source_url.empty()) writer.member("source_url", job.source_url);
  writer.object("original", [&] { write_original(writer, job, options); });
  writer.list("renditions", job.renditions,
              [&](const auto& rendition) { write_rendition(writer, rendition, options); });
  writer.list("attempts", job.attempts,
              [&](const auto& attempt) { write_attempt(writer, attempt); });
  return writer.finish();
}

std::string job_view(const jobs::Job& job, const ViewOptions& options) {
  return job_object(job, options) + "\n";
}

}  // namespace darkroom::http
