#include "http/job_view.hpp"

#include <optional>
#include <string_view>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "jobs/timestamp.hpp"
#include "persistence/utf8.hpp"

namespace darkroom::http {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void key(Writer& writer, std::string_view name) {
  writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
}

void member(Writer& writer, std::string_view name, std::string_view value) {
  key(writer, name);
  const std::string valid = persistence::repaired_utf8(value);
  writer.String(valid.data(), static_cast<rapidjson::SizeType>(valid.size()));
}

void member(Writer& writer, std::string_view name, std::uint64_t value) {
  key(writer, name);
  writer.Uint64(value);
}

void member(Writer& writer, std::string_view name, jobs::Timestamp value) {
  member(writer, name, jobs::to_rfc3339(value));
}

template <class Value>
void member(Writer& writer, std::string_view name, const std::optional<Value>& value) {
  if (value) {
    member(writer, name, *value);
  } else {
    key(writer, name);
    writer.Null();
  }
}

std::string url_of(std::string_view blob_key) {
  return "/files/" + std::string{blob_key};
}

void write_original(Writer& writer, const jobs::Original& original) {
  key(writer, "original");
  writer.StartObject();
  member(writer, "url", url_of(original.blob_key));
  member(writer, "filename", original.filename);
  member(writer, "content_type", original.content_type);
  member(writer, "bytes", original.bytes);
  member(writer, "sha256", original.sha256);
  member(writer, "width", std::uint64_t{original.width});
  member(writer, "height", std::uint64_t{original.height});
  member(writer, "format", original.format);
  member(writer, "frames", std::uint64_t{original.frames});
  member(writer, "blurhash", original.blurhash);
  member(writer, "dominant_colour", original.dominant_colour);
  writer.EndObject();
}

void write_rendition(Writer& writer, const jobs::Rendition& rendition) {
  // What a rendition measures is known once it is made; until then null, not 0.
  const bool made = rendition.status == jobs::RenditionStatus::completed;
  const auto once_made = [made](auto value) { return made ? std::optional{value} : std::nullopt; };
  writer.StartObject();
  member(writer, "name", rendition.spec.name);
  member(writer, "operation", to_string(rendition.spec.operation));
  member(writer, "status", to_string(rendition.status));
  member(writer, "url", once_made(url_of(rendition.blob_key)));
  member(writer, "content_type", once_made(rendition.content_type));
  member(writer, "bytes", once_made(rendition.bytes));
  member(writer, "width", once_made(std::uint64_t{rendition.width}));
  member(writer, "height", once_made(std::uint64_t{rendition.height}));
  member(writer, "error_message", rendition.error_message);
  writer.EndObject();
}

// An attempt that was handed back failed at nothing, but a client who sees two attempts must be
// able to see why there is a second.
std::optional<std::string> error_of(const jobs::Attempt& attempt) {
  if (attempt.error) return attempt.error;
  switch (attempt.outcome) {
    case jobs::AttemptOutcome::handed_back:
      return "Handed back: the worker or the service stopped. This counts as no failure.";
    case jobs::AttemptOutcome::crashed:
      return "The worker process died or fell silent.";
    case jobs::AttemptOutcome::failed:
      return "The attempt failed.";
    case jobs::AttemptOutcome::running:
    case jobs::AttemptOutcome::completed:
      break;
  }
  return std::nullopt;
}

void write_attempt(Writer& writer, const jobs::Attempt& attempt) {
  writer.StartObject();
  member(writer, "number", std::uint64_t{attempt.number});
  member(writer, "worker", attempt.worker);
  member(writer, "started_at", attempt.started_at);
  member(writer, "finished_at", attempt.finished_at);
  member(writer, "error", error_of(attempt));
  writer.EndObject();
}

}  // namespace

std::string job_view(const jobs::Job& job) {
  rapidjson::StringBuffer buffer;
  Writer writer{buffer};
  writer.StartObject();
  member(writer, "id", job.id.to_string());
  member(writer, "status", to_string(job.status));
  member(writer, "preset",
         job.preset.empty() ? std::nullopt : std::optional<std::string>{job.preset});
  member(writer, "created_at", job.created_at);
  member(writer, "updated_at", job.updated_at);
  member(writer, "completed_at", job.completed_at);
  member(writer, "expires_at", job.expires_at);
  member(writer, "error_message", job.error_message);
  write_original(writer, job.original);
  key(writer, "renditions");
  writer.StartArray();
  for (const auto& rendition : job.renditions)
    write_rendition(writer, rendition);
  writer.EndArray();
  key(writer, "attempts");
  writer.StartArray();
  for (const auto& attempt : job.attempts)
    write_attempt(writer, attempt);
  writer.EndArray();
  writer.EndObject();
  return std::string{buffer.GetString(), buffer.GetSize()} + "\n";
}

}  // namespace darkroom::http
