#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "jobs/job.hpp"
#include "persistence/job_store.hpp"

namespace darkroom::actors {

/// What has become of jobs and attempts since the registry began; only ever goes up.
struct JobCounts {
  std::uint64_t created = 0;
  std::uint64_t removed = 0;  ///< Deleted or expired.
  std::uint64_t sent_again = 0;
  std::uint64_t results_reused = 0;
  std::array<std::uint64_t, jobs::job_statuses> ended{};  ///< By final JobStatus.
  std::array<std::uint64_t, jobs::attempt_outcomes>
      attempts{};                     ///< By AttemptOutcome; running: begun.
  std::uint64_t refused_reports = 0;  ///< Under leases that were not current.
  std::uint64_t lost_workers = 0;     ///< Died, or fell silent.

  /// Counts what a committed change has done.
  void note(const persistence::JobChange& change);

  friend bool operator==(const JobCounts&, const JobCounts&) = default;
};

}  // namespace darkroom::actors
