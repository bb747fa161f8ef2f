#pragma once

#include <optional>
#include <string>
#include <vector>

#include "jobs/job.hpp"
#include "persistence/job_filter.hpp"

namespace darkroom::persistence {

// Keys of the column family `listing`, by which jobs are found that a client asks for. An entry is
// there only where a value is not the common one, so that a usual job has one, for its filename,
// and one more while it is processed:
//
//   facet (1 byte), whose (8), hash of the value (8), id (16)      -> nothing
//
//   b  batch            m  public name
//   f  filename         q  queue, unless it is "default"
//   p  preset, unless it is "default" or none
//   s  status, where it is processing, retrying, failed or cancelled
//   t  nothing; every job of a tenant
//
// "Whose" is eight zero bytes for all jobs. A job of a tenant has each entry once more, under the
// hash of its tenant; `t` only there. Hashes are the first 8 bytes of a SHA-256, so what is found
// is to be compared with what was asked for.

/// All entries of a job, in order; none for a null pointer.
[[nodiscard]] std::vector<std::string> listing_keys(const jobs::Job* job);

/// Those that the second job has and the first one has not, in no order. The other way round they
/// are those that a change takes away. Null: no job.
[[nodiscard]] std::vector<std::string> listing_keys_gained(const jobs::Job* before,
                                                           const jobs::Job* after);

/// What the keys of the fewest entries begin with that all jobs of the filter have; nullopt where
/// no index narrows it.
[[nodiscard]] std::optional<std::string> listing_prefix(const JobFilter& filter);

}  // namespace darkroom::persistence
