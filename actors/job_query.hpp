#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "jobs/job.hpp"
#include "persistence/job_filter.hpp"

namespace darkroom::actors {

/// What jobs a client wants to see.
struct JobQuery {
  persistence::JobFilter filter;
  std::optional<jobs::JobId> before = {};  ///< Those older than this one; none: from the newest.
  std::uint32_t limit = 50;                ///< From 1 to most_listed.
};

/// Jobs at once in a page of a listing, and in one message of removed ones.
inline constexpr std::uint32_t most_listed = 200;

struct JobPage {
  std::vector<jobs::Job> jobs;  ///< The newest first.
  /// Behind which to go on; none where there are no more. A page that has it may be short, or have
  /// no job at all.
  std::optional<jobs::JobId> next = {};
};

/// What came of a step through the jobs of a filter.
struct BulkDone {
  std::uint32_t done = 0;
  std::optional<jobs::JobId> last = {};  ///< Behind which to go on; none where there are no more.
};

/// Jobs of a filter that are removed, as they were.
struct BulkRemoved {
  std::vector<jobs::Job> jobs;
  std::optional<jobs::JobId> next = {};  ///< Behind which to go on; none where there are no more.
};

/// How many of the jobs, from the first, one message holds: one that is larger would hold up the
/// heartbeats behind it. At least one of them.
[[nodiscard]] std::size_t jobs_of_one_message(const std::vector<jobs::Job>& jobs);

}  // namespace darkroom::actors
