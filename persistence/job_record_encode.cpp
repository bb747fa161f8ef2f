#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "persistence/hex.hpp"
#include "persistence/job_record.hpp"
#include "persistence/utf8.hpp"

namespace darkroom::persistence {
namespace {

/// Writes the members of JSON objects. Times are milliseconds since 1970; 64-bit random numbers
/// are hex text, because many readers of JSON keep 53 bits of a number. An optional member that
/// has no value is left out.
class RecordWriter {
 public:
  explicit RecordWriter(rapidjson::StringBuffer& buffer) : json_(buffer) {}

  template <class Members>
  void object(const Members& members) {
    json_.StartObject();
    members();
    json_.EndObject();
  }

  template <class Members>
  void object(std::string_view name, const Members& members) {
    key(name);
    object(members);
  }

  template <class List, class Members>
  void list(std::string_view name, const List& items, const Members& members_of) {
    key(name);
    json_.StartArray();
    for (const auto& item : items)
      object([&] { members_of(item); });
    json_.EndArray();
  }

  /// Text that a client sent may be anything; what is not UTF-8 is repaired, because JSON cannot
  /// hold it and one odd file name must not make a record unreadable.
  void text(std::string_view name, std::string_view value) {
    key(name);
    const auto repaired = repaired_utf8(value);
    json_.String(repaired.data(), static_cast<rapidjson::SizeType>(repaired.size()));
  }

  void optional_text(std::string_view name, const std::optional<std::string>& value) {
    if (value) text(name, *value);
  }

  void number(std::string_view name, std::uint64_t value) {
    key(name);
    json_.Uint64(value);
  }

  void signed_number(std::string_view name, std::int64_t value) {
    key(name);
    json_.Int64(value);
  }

  /// `value` is finite.
  void real(std::string_view name, double value) {
    key(name);
    json_.Double(value);
  }

  void flag(std::string_view name, bool value) {
    key(name);
    json_.Bool(value);
  }

  void time(std::string_view name, jobs::Timestamp value) {
    signed_number(name, value.time_since_epoch().count());
  }

  void optional_time(std::string_view name, const std::optional<jobs::Timestamp>& value) {
    if (value) time(name, *value);
  }

 private:
  void key(std::string_view name) {
    json_.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
  }

  rapidjson::Writer<rapidjson::StringBuffer> json_;
};

void write_original(RecordWriter& out, const jobs::Original& original) {
  out.text("blob_key", original.blob_key);
  out.text("filename", original.filename);
  out.text("content_type", original.content_type);
  out.text("format", original.format);
  out.text("sha256", original.sha256);
  out.number("bytes", original.bytes);
  out.number("width", original.width);
  out.number("height", original.height);
  out.number("frames", original.frames);
  out.optional_text("blurhash", original.blurhash);
  out.optional_text("dominant_colour", original.dominant_colour);
}

void write_watermark(RecordWriter& out, const jobs::Watermark& watermark) {
  out.text("name", watermark.name);
  out.text("image", watermark.image);
  out.text("position", jobs::to_string(watermark.position));
  out.real("opacity", watermark.opacity);
  out.real("scale", watermark.scale);
}

void write_spec(RecordWriter& out, const jobs::RenditionSpec& spec) {
  out.text("name", spec.name);
  out.text("operation", jobs::to_string(spec.operation));
  out.number("width", spec.width);
  out.number("height", spec.height);
  out.signed_number("quality", spec.quality);
  out.text("format", jobs::to_string(spec.format));
  out.text("folder", spec.folder);
  out.text("fit", jobs::to_string(spec.fit));
  out.text("gravity", jobs::to_string(spec.gravity));
  if (spec.focus) {
    out.object("focus", [&] {
      out.real("x", spec.focus->x);
      out.real("y", spec.focus->y);
    });
  }
  out.flag("enlarge", spec.enlarge);
  out.text("background", jobs::to_string(spec.background));
  out.flag("lossless", spec.lossless);
  out.flag("progressive", spec.progressive);
  out.text("subsampling", jobs::to_string(spec.subsampling));
  out.signed_number("effort", spec.effort);
  out.number("max_bytes", spec.max_bytes);
  out.real("sharpen", spec.sharpen);
  out.flag("linear_light", spec.linear_light);
  out.flag("keep_copyright", spec.keep_copyright);
  if (spec.watermark) out.object("watermark", [&] { write_watermark(out, *spec.watermark); });
}

void write_rendition(RecordWriter& out, const jobs::Rendition& rendition) {
  out.object("spec", [&] { write_spec(out, rendition.spec); });
  out.text("status", jobs::to_string(rendition.status));
  out.text("blob_key", rendition.blob_key);
  out.text("content_type", rendition.content_type);
  out.text("sha256", rendition.sha256);
  out.number("bytes", rendition.bytes);
  out.number("width", rendition.width);
  out.number("height", rendition.height);
  out.optional_text("error_message", rendition.error_message);
}

void write_attempt(RecordWriter& out, const jobs::Attempt& attempt) {
  out.number("number", attempt.number);
  out.text("worker", attempt.worker);
  out.time("started_at", attempt.started_at);
  out.optional_time("finished_at", attempt.finished_at);
  out.text("outcome", jobs::to_string(attempt.outcome));
  out.optional_text("error", attempt.error);
}

void write_lease(RecordWriter& out, const jobs::Lease& lease) {
  out.text("token", to_hex(lease.token.high) + to_hex(lease.token.low));
  out.text("worker", lease.worker.name);
  out.text("incarnation", to_hex(lease.worker.incarnation));
}

void write_job(RecordWriter& out, const jobs::Job& job) {
  out.signed_number("schema", job_record_schema);
  out.text("id", job.id.to_string());
  out.text("status", jobs::to_string(job.status));
  out.text("queue", job.queue);
  out.number("priority", job.priority);
  out.text("preset", job.preset);
  out.time("created_at", job.created_at);
  out.time("updated_at", job.updated_at);
  out.optional_time("completed_at", job.completed_at);
  out.time("expires_at", job.expires_at);
  out.time("run_at", job.run_at);
  out.optional_text("error_message", job.error_message);
  out.object("original", [&] { write_original(out, job.original); });
  out.list("renditions", job.renditions, [&](const auto& item) { write_rendition(out, item); });
  out.list("attempts", job.attempts, [&](const auto& item) { write_attempt(out, item); });
  if (job.lease) out.object("lease", [&] { write_lease(out, *job.lease); });
}

}  // namespace

std::string encode_job(const jobs::Job& job) {
  rapidjson::StringBuffer buffer;
  RecordWriter out{buffer};
  out.object([&] { write_job(out, job); });
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace darkroom::persistence
