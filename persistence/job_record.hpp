#pragma once

#include <span>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "jobs/job.hpp"

namespace darkroom::persistence {

/// Version of the records that encode_job and pack_job write; one with a higher version is refused.
///
///   1  the first
///   2  the original's frames, blurhash and dominant colour; a rendition's options from `fit` on.
///      A record without one of them has its default, which is what was done in schema 1.
///   3  forgiven_attempts, sent_again_at, alone, reusable, reused_from, idempotency.
///   4  tenant.
///   5  revision, batch, metadata, callback_url, email, public_name, source_url, request_id,
///      trace_parent, not_before; a rendition's milliseconds.
inline constexpr int job_record_schema = 5;

/// The job as one line of JSON, with its schema version: the form for people and their tools, and
/// the one in the stores of schema 1. What stores hold now is in packed_job.hpp.
[[nodiscard]] std::string encode_job(const jobs::Job& job);

/// What renditions are asked for, as text that is the same for the same wishes.
[[nodiscard]] std::string encode_specs(std::span<const jobs::Rendition> renditions);

/// Reads what encode_job wrote, this version or an older one. Any other bytes give an error that
/// says what was wrong, never a crash or a half-filled job.
[[nodiscard]] tl::expected<jobs::Job, std::string> decode_job(std::string_view record);

}  // namespace darkroom::persistence
