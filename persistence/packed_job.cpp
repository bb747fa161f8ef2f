#include "persistence/packed_job.hpp"

#include <optional>

#include "persistence/job_record.hpp"
#include "persistence/packed_record.hpp"

namespace darkroom::persistence {
namespace {

// How fields are numbered is in packed_record.hpp.

constexpr auto original_fields = [](auto& io, auto& original) {
  io.key(1, original.blob_key);  // and 2
  io.field(3, original.filename);
  io.field(4, original.content_type);
  io.field(5, original.format);
  io.hash(6, original.sha256);  // and 7
  io.field(8, original.bytes);
  io.field(9, original.width);
  io.field(10, original.height);
  io.field(11, original.frames);
  io.field(12, original.blurhash);
  io.field(13, original.dominant_colour);
};

constexpr auto focus_fields = [](auto& io, auto& focus) {
  io.field(1, focus.x);
  io.field(2, focus.y);
};

constexpr auto watermark_fields = [](auto& io, auto& watermark) {
  io.field(1, watermark.name);
  io.field(2, watermark.image);
  io.field(3, watermark.position);
  io.field(4, watermark.opacity);
  io.field(5, watermark.scale);
};

constexpr auto spec_fields = [](auto& io, auto& spec) {
  io.field(1, spec.name);
  io.field(2, spec.operation);
  io.field(3, spec.width);
  io.field(4, spec.height);
  io.field(5, spec.quality);
  io.field(6, spec.format);
  io.field(7, spec.folder);
  io.field(8, spec.fit);
  io.field(9, spec.gravity);
  io.object(10, spec.focus, focus_fields);
  io.field(11, spec.enlarge);
  io.field(12, spec.background);
  io.field(13, spec.lossless);
  io.field(14, spec.progressive);
  io.field(15, spec.subsampling);
  io.field(16, spec.effort);
  io.field(17, spec.max_bytes);
  io.field(18, spec.sharpen);
  io.field(19, spec.linear_light);
  io.field(20, spec.keep_copyright);
  io.object(21, spec.watermark, watermark_fields);
};

constexpr auto rendition_fields = [](auto& io, auto& rendition) {
  io.object(1, rendition.spec, spec_fields);
  io.field(2, rendition.status);
  io.key(3, rendition.blob_key);  // and 4
  io.field(5, rendition.content_type);
  io.hash(6, rendition.sha256);  // and 7
  io.field(8, rendition.bytes);
  io.field(9, rendition.width);
  io.field(10, rendition.height);
  io.field(11, rendition.error_message);
  io.field(12, rendition.milliseconds);
};

constexpr auto attempt_fields = [](auto& io, auto& attempt) {
  io.field(1, attempt.number);
  io.field(2, attempt.worker);
  io.field(3, attempt.started_at);
  io.field(4, attempt.finished_at);
  io.field(5, attempt.outcome);
  io.field(6, attempt.error);
};

constexpr auto lease_fields = [](auto& io, auto& lease) {
  io.field(1, lease.token.high);
  io.field(2, lease.token.low);
  io.field(3, lease.worker.name);
  io.field(4, lease.worker.incarnation);
};

constexpr auto idempotency_fields = [](auto& io, auto& idempotency) {
  io.field(1, idempotency.key);
  io.field(2, idempotency.fingerprint);
};

constexpr auto job_fields = [](auto& io, auto& job) {
  io.field(1, job.status);
  io.field(2, job.queue);
  io.field(3, job.priority);
  io.field(4, job.preset);
  io.field(5, job.created_at);
  io.field(6, job.updated_at);
  io.field(7, job.completed_at);
  io.field(8, job.expires_at);
  io.field(9, job.run_at);
  io.field(10, job.error_message);
  io.object(11, job.original, original_fields);
  io.list(12, job.renditions, rendition_fields);
  io.list(13, job.attempts, attempt_fields);
  io.object(14, job.lease, lease_fields);
  io.field(15, job.forgiven_attempts);
  io.field(16, job.alone);
  io.object(17, job.idempotency, idempotency_fields);
  io.field(18, job.reusable);
  io.field(19, job.reused_from);
  io.field(20, job.sent_again_at);
  io.field(21, job.tenant);
  io.field(22, job.revision);
  io.field(23, job.batch);
  io.field(24, job.metadata);
  io.field(25, job.callback_url);
  io.field(26, job.email);
  io.field(27, job.public_name);
  io.field(28, job.source_url);
  io.field(29, job.request_id);
  io.field(30, job.trace_parent);
  io.field(31, job.not_before);
};

}  // namespace

std::optional<std::string> wrong_schema(std::int64_t schema) {
  if (schema < 1) return "schema is not 1 or more";
  if (schema <= job_record_schema) return std::nullopt;
  return "it has schema " + std::to_string(schema) +
         ", and this version of Darkroom reads up to schema " + std::to_string(job_record_schema) +
         "; start the version that wrote it or a newer one";
}

std::string pack_job(const jobs::Job& job) {
  return pack_record(job, job_fields);
}

tl::expected<jobs::Job, std::string> unpack_job(std::string_view record) {
  if (record.starts_with('{')) return decode_job(record);
  return unpack_record<jobs::Job>(record, job_fields);
}

}  // namespace darkroom::persistence
