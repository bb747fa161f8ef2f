#include "json/json_writer.hpp"
#include "persistence/hex.hpp"
#include "persistence/job_record.hpp"

namespace darkroom::persistence {
namespace {

using json::JsonWriter;

/// Times are milliseconds since 1970.
void time(JsonWriter& out, std::string_view name, jobs::Timestamp value) {
  out.member(name, value.time_since_epoch().count());
}

/// An optional member that has no value is left out.
void optional_time(JsonWriter& out, std::string_view name,
                   const std::optional<jobs::Timestamp>& value) {
  if (value) time(out, name, *value);
}

void optional_text(JsonWriter& out, std::string_view name,
                   const std::optional<std::string>& value) {
  if (value) out.member(name, *value);
}

/// So is text that is empty where there is none.
void text_unless_empty(JsonWriter& out, std::string_view name, const std::string& value) {
  if (!value.empty()) out.member(name, value);
}

void write_original(JsonWriter& out, const jobs::Original& original) {
  out.member("blob_key", original.blob_key);
  out.member("filename", original.filename);
  out.member("content_type", original.content_type);
  out.member("format", original.format);
  out.member("sha256", original.sha256);
  out.member("bytes", original.bytes);
  out.member("width", original.width);
  out.member("height", original.height);
  out.member("frames", original.frames);
  optional_text(out, "blurhash", original.blurhash);
  optional_text(out, "dominant_colour", original.dominant_colour);
}

void write_watermark(JsonWriter& out, const jobs::Watermark& watermark) {
  out.member("name", watermark.name);
  out.member("image", watermark.image);
  out.member("position", jobs::to_string(watermark.position));
  out.member("opacity", watermark.opacity);
  out.member("scale", watermark.scale);
}

void write_spec(JsonWriter& out, const jobs::RenditionSpec& spec) {
  out.member("name", spec.name);
  out.member("operation", jobs::to_string(spec.operation));
  out.member("width", spec.width);
  out.member("height", spec.height);
  out.member("quality", spec.quality);
  out.member("format", jobs::to_string(spec.format));
  out.member("folder", spec.folder);
  out.member("fit", jobs::to_string(spec.fit));
  out.member("gravity", jobs::to_string(spec.gravity));
  if (spec.focus) {
    out.object("focus", [&] {
      out.member("x", spec.focus->x);
      out.member("y", spec.focus->y);
    });
  }
  out.member("enlarge", spec.enlarge);
  out.member("background", jobs::to_string(spec.background));
  out.member("lossless", spec.lossless);
  out.member("progressive", spec.progressive);
  out.member("subsampling", jobs::to_string(spec.subsampling));
  out.member("effort", spec.effort);
  out.member("max_bytes", spec.max_bytes);
  out.member("sharpen", spec.sharpen);
  out.member("linear_light", spec.linear_light);
  out.member("keep_copyright", spec.keep_copyright);
  if (spec.watermark) out.object("watermark", [&] { write_watermark(out, *spec.watermark); });
}

void write_rendition(JsonWriter& out, const jobs::Rendition& rendition) {
  out.object("spec", [&] { write_spec(out, rendition.spec); });
  out.member("status", jobs::to_string(rendition.status));
  out.member("blob_key", rendition.blob_key);
  out.member("content_type", rendition.content_type);
  out.member("sha256", rendition.sha256);
  out.member("bytes", rendition.bytes);
  out.member("width", rendition.width);
  out.member("height", rendition.height);
  optional_text(out, "error_message", rendition.error_message);
  out.member("milliseconds", rendition.milliseconds);
}

void write_attempt(JsonWriter& out, const jobs::Attempt& attempt) {
  out.member("number", attempt.number);
  out.member("worker", attempt.worker);
  time(out, "started_at", attempt.started_at);
  optional_time(out, "finished_at", attempt.finished_at);
  out.member("outcome", jobs::to_string(attempt.outcome));
  optional_text(out, "error", attempt.error);
}

/// 64-bit random numbers are hex text, because many readers of JSON keep 53 bits of a number.
void write_lease(JsonWriter& out, const jobs::Lease& lease) {
  out.member("token", to_hex(lease.token.high) + to_hex(lease.token.low));
  out.member("worker", lease.worker.name);
  out.member("incarnation", to_hex(lease.worker.incarnation));
}

void write_job(JsonWriter& out, const jobs::Job& job) {
  out.member("schema", job_record_schema);
  out.member("id", job.id.to_string());
  out.member("status", jobs::to_string(job.status));
  out.member("queue", job.queue);
  out.member("priority", job.priority);
  out.member("tenant", job.tenant);
  out.member("preset", job.preset);
  time(out, "created_at", job.created_at);
  time(out, "updated_at", job.updated_at);
  optional_time(out, "completed_at", job.completed_at);
  time(out, "expires_at", job.expires_at);
  time(out, "run_at", job.run_at);
  optional_text(out, "error_message", job.error_message);
  out.object("original", [&] { write_original(out, job.original); });
  out.list("renditions", job.renditions, [&](const auto& item) { write_rendition(out, item); });
  out.list("attempts", job.attempts, [&](const auto& item) { write_attempt(out, item); });
  if (job.lease) out.object("lease", [&] { write_lease(out, *job.lease); });
  out.member("forgiven_attempts", job.forgiven_attempts);
  optional_time(out, "sent_again_at", job.sent_again_at);
  out.member("alone", job.alone);
  out.member("reusable", job.reusable);
  if (job.reused_from) out.member("reused_from", job.reused_from->to_string());
  if (job.idempotency) {
    out.object("idempotency", [&] {
      out.member("key", job.idempotency->key);
      out.member("fingerprint", job.idempotency->fingerprint);
    });
  }
  out.member("revision", job.revision);
  if (job.batch) out.member("batch", job.batch->to_string());
  text_unless_empty(out, "metadata", job.metadata);
  text_unless_empty(out, "callback_url", job.callback_url);
  text_unless_empty(out, "email", job.email);
  text_unless_empty(out, "public_name", job.public_name);
  text_unless_empty(out, "source_url", job.source_url);
  text_unless_empty(out, "request_id", job.request_id);
  text_unless_empty(out, "trace_parent", job.trace_parent);
  optional_time(out, "not_before", job.not_before);
}

}  // namespace

std::string encode_specs(std::span<const jobs::Rendition> renditions) {
  JsonWriter out;
  out.list("renditions", renditions,
           [&](const auto& item) { out.object("spec", [&] { write_spec(out, item.spec); }); });
  return out.finish();
}

std::string encode_job(const jobs::Job& job) {
  JsonWriter out;
  write_job(out, job);
  return out.finish();
}

}  // namespace darkroom::persistence
