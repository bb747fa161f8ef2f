#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "jobs/batch.hpp"
#include "jobs/job.hpp"

namespace darkroom::actors {

/// Jobs of a batch at most: they are made by one commit, travel in one message, and are counted
/// anew by each look at the batch.
inline constexpr std::size_t most_batch_jobs = 200;

/// How a batch stands.
struct BatchState {
  jobs::Batch batch;
  /// Its jobs that are there, by their status.
  std::array<std::uint32_t, jobs::job_statuses> counts = {};
  std::uint64_t revision = 0;  ///< The highest of those that have ended.

  [[nodiscard]] std::uint32_t count(jobs::JobStatus status) const {
    return counts.at(static_cast<std::size_t>(status));
  }
  /// Those that are there no more.
  [[nodiscard]] std::uint32_t deleted() const {
    const auto there = std::accumulate(counts.begin(), counts.end(), std::uint32_t{0});
    return batch.total - std::min(there, batch.total);
  }

  friend bool operator==(const BatchState&, const BatchState&) = default;
};

/// The batch, and how those of its jobs stand that are there.
[[nodiscard]] BatchState state_of(jobs::Batch batch, const std::vector<jobs::Job>& jobs);

}  // namespace darkroom::actors
