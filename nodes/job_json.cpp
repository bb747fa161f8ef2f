#include "nodes/job_json.hpp"

#include <optional>

#include <rapidjson/document.h>
#include <rapidjson/prettywriter.h>

#include "json/json_writer.hpp"
#include "persistence/blob_store.hpp"
#include "persistence/file_blob_walk.hpp"
#include "persistence/hex.hpp"
#include "persistence/stored_blobs.hpp"

namespace darkroom::nodes {
namespace {

using json::JsonWriter;

std::optional<std::string> optional_time(const std::optional<jobs::Timestamp>& time) {
  return time ? std::optional{jobs::to_rfc3339(*time)} : std::nullopt;
}

void write_original(JsonWriter& json, const jobs::Original& original) {
  json.member("blob_key", original.blob_key);
  json.member("filename", original.filename);
  json.member("content_type", original.content_type);
  json.member("format", original.format);
  json.member("sha256", original.sha256);
  json.member("bytes", original.bytes);
  json.member("width", original.width);
  json.member("height", original.height);
  json.member("frames", original.frames);
  json.member("blurhash", original.blurhash);
  json.member("dominant_colour", original.dominant_colour);
}

void write_watermark(JsonWriter& json, const jobs::Watermark& watermark) {
  json.member("name", watermark.name);
  json.member("image", watermark.image);
  json.member("position", jobs::to_string(watermark.position));
  json.member("opacity", watermark.opacity);
  json.member("scale", watermark.scale);
}

void write_spec(JsonWriter& json, const jobs::RenditionSpec& spec) {
  json.member("name", spec.name);
  json.member("operation", jobs::to_string(spec.operation));
  json.member("width", spec.width);
  json.member("height", spec.height);
  json.member("quality", spec.quality);
  json.member("format", jobs::to_string(spec.format));
  json.member("folder", spec.folder);
  json.member("fit", jobs::to_string(spec.fit));
  json.member("gravity", jobs::to_string(spec.gravity));
  if (spec.focus) {
    json.object("focus", [&] {
      json.member("x", spec.focus->x);
      json.member("y", spec.focus->y);
    });
  }
  json.member("enlarge", spec.enlarge);
  json.member("background", jobs::to_string(spec.background));
  json.member("lossless", spec.lossless);
  json.member("progressive", spec.progressive);
  json.member("subsampling", jobs::to_string(spec.subsampling));
  json.member("effort", spec.effort);
  json.member("max_bytes", spec.max_bytes);
  json.member("sharpen", spec.sharpen);
  json.member("linear_light", spec.linear_light);
  json.member("keep_copyright", spec.keep_copyright);
  if (spec.watermark) json.object("watermark", [&] { write_watermark(json, *spec.watermark); });
}

void write_rendition(JsonWriter& json, const jobs::Rendition& rendition) {
  json.object("spec", [&] { write_spec(json, rendition.spec); });
  json.member("status", jobs::to_string(rendition.status));
  json.member("blob_key", rendition.blob_key);
  json.member("content_type", rendition.content_type);
  json.member("sha256", rendition.sha256);
  json.member("bytes", rendition.bytes);
  json.member("width", rendition.width);
  json.member("height", rendition.height);
  json.member("error_message", rendition.error_message);
}

void write_attempt(JsonWriter& json, const jobs::Attempt& attempt) {
  json.member("number", attempt.number);
  json.member("worker", attempt.worker);
  json.member("started_at", jobs::to_rfc3339(attempt.started_at));
  json.member("finished_at", optional_time(attempt.finished_at));
  json.member("outcome", jobs::to_string(attempt.outcome));
  json.member("error", attempt.error);
}

void write_lease(JsonWriter& json, const jobs::Lease& lease) {
  json.member("token",
              persistence::to_hex(lease.token.high) + persistence::to_hex(lease.token.low));
  json.member("worker", lease.worker.name);
  json.member("incarnation", persistence::to_hex(lease.worker.incarnation));
}

void write_files(JsonWriter& json, const jobs::Job& job, const std::filesystem::path& root) {
  json.list("files", persistence::stored_blobs(job), [&](const persistence::StoredBlob& blob) {
    // A record that was tampered with leads to no file elsewhere.
    const auto facts = persistence::is_blob_key(blob.key)
                           ? persistence::look_at_file(root / blob.key)
                           : std::nullopt;
    json.member("path", (root / blob.key).string());
    json.member("there", facts.has_value());
    json.member("bytes", facts ? std::optional{facts->bytes} : std::nullopt);
    json.member("bytes_by_record", blob.bytes);
    json.member("modified_at",
                facts ? std::optional{jobs::to_rfc3339(facts->modified_at)} : std::nullopt);
  });
}

}  // namespace

std::string job_to_json(const jobs::Job& job, const std::filesystem::path& root) {
  JsonWriter json;
  json.member("id", job.id.to_string());
  json.member("status", jobs::to_string(job.status));
  json.member("queue", job.queue);
  json.member("priority", job.priority);
  json.member("tenant", job.tenant);
  json.member("preset", job.preset);
  json.member("created_at", jobs::to_rfc3339(job.created_at));
  json.member("updated_at", jobs::to_rfc3339(job.updated_at));
  json.member("completed_at", optional_time(job.completed_at));
  json.member("expires_at", jobs::to_rfc3339(job.expires_at));
  json.member("run_at", jobs::to_rfc3339(job.run_at));
  json.member("error_message", job.error_message);
  json.object("original", [&] { write_original(json, job.original); });
  json.list("renditions", job.renditions, [&](const auto& item) { write_rendition(json, item); });
  json.list("attempts", job.attempts, [&](const auto& item) { write_attempt(json, item); });
  if (job.lease) json.object("lease", [&] { write_lease(json, *job.lease); });
  json.member("forgiven_attempts", job.forgiven_attempts);
  json.member("sent_again_at", optional_time(job.sent_again_at));
  json.member("alone", job.alone);
  if (job.idempotency) json.member("idempotency_key", job.idempotency->key);
  json.member("reusable", job.reusable);
  json.member("reused_from",
              job.reused_from ? std::optional{job.reused_from->to_string()} : std::nullopt);
  write_files(json, job, root);
  return spread(json.finish());
}

std::string spread(const std::string& json) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseFullPrecisionFlag>(json.data(), json.size());
  if (document.HasParseError()) return json;
  rapidjson::StringBuffer text;
  rapidjson::PrettyWriter<rapidjson::StringBuffer> writer{text};
  writer.SetIndent(' ', 2);
  document.Accept(writer);
  return {text.GetString(), text.GetSize()};
}

}  // namespace darkroom::nodes
