#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "jobs/job.hpp"

namespace darkroom::persistence {

/// The job's record as the store keeps it: a fifth of the size of encode_job()'s JSON and several
/// times as fast to make, at the same schema version.
///
/// The bytes are a Protocol Buffers message (its wire format; `protoc --decode_raw` shows one), and
/// packed_job.cpp has the numbers of its fields. Text is kept byte for byte.
[[nodiscard]] std::string pack_job(const jobs::Job& job);

/// Reads what pack_job() wrote, or encode_job() in the stores of earlier versions; the first byte
/// tells which. Any other bytes give an error that says what was wrong, never a crash or a
/// half-filled job.
[[nodiscard]] tl::expected<jobs::Job, std::string> unpack_job(std::string_view record);

}  // namespace darkroom::persistence
