#pragma once

#include <cstdint>

#include "jobs/job.hpp"
#include "jobs/transitions.hpp"

namespace darkroom::tools {

/// A job as an upload of a camera's JPEG makes it: the default preset's three renditions, and every
/// member of the original filled in. `number` is kept in the original's size, see number_of().
[[nodiscard]] jobs::Job sample_job(const jobs::JobId& id, std::uint64_t number,
                                   jobs::Timestamp now);

/// What sample_job() was given.
[[nodiscard]] std::uint64_t number_of(const jobs::Job& job);

/// A worker's result for one rendition of the job's first attempt, as full as a real one.
[[nodiscard]] jobs::RenditionResult sample_result(const jobs::JobId& id,
                                                  const jobs::RenditionSpec& spec);

/// What a worker sees in the pixels of the original.
[[nodiscard]] jobs::OriginalFindings sample_findings();

/// The id of the `number`-th job of a store that was filled at the rate of one in a millisecond;
/// the same at each call, so that ids need not be kept.
[[nodiscard]] jobs::JobId numbered_id(std::uint64_t number);

/// When that one was created.
[[nodiscard]] jobs::Timestamp numbered_time(std::uint64_t number);

/// That job, completed at the first attempt.
[[nodiscard]] jobs::Job finished_job(std::uint64_t number);

}  // namespace darkroom::tools
