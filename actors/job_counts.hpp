#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "jobs/delivery.hpp"
#include "jobs/histogram.hpp"
#include "jobs/job.hpp"
#include "persistence/job_store.hpp"

namespace darkroom::actors {

/// The renditions of one kind that workers have made.
struct RenditionCounts {
  jobs::Operation operation = jobs::Operation::resize;
  jobs::OutputFormat format = jobs::OutputFormat::jpeg;
  jobs::Histogram time = {};  ///< To make one, as the worker measured it.
  std::uint64_t bytes = 0;

  friend bool operator==(const RenditionCounts&, const RenditionCounts&) = default;
};

/// Tries to deliver messages by one channel.
struct DeliveryCounts {
  /// By what the delivery was after it; pending: it is to be tried again.
  std::array<std::uint64_t, jobs::delivery_statuses> tries{};
  jobs::Histogram time = {};

  friend bool operator==(const DeliveryCounts&, const DeliveryCounts&) = default;
};

/// What has become of jobs, attempts and deliveries since the registry began; only ever goes up.
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
  std::uint64_t retries = 0;          ///< Jobs that wait for their next attempt after an error.
  /// Attempts taken back because their worker, the task on its way or the service was lost.
  std::uint64_t recoveries = 0;
  std::uint64_t lease_expiries = 0;  ///< Those among them whose lease nobody renewed in time.
  std::uint64_t original_bytes = 0;  ///< Of all originals that came.
  /// How long jobs were ready before an attempt began, each time, by queue.
  std::map<std::string, jobs::Histogram> queue_time = {};
  std::array<jobs::Histogram, jobs::attempt_outcomes> attempt_time{};  ///< By AttemptOutcome.
  /// From when a job might first run to its end, by final JobStatus; without those whose results
  /// were there already.
  std::array<jobs::Histogram, jobs::job_statuses> job_time{};
  std::vector<RenditionCounts> renditions = {};  ///< Of each kind that was made once.
  DeliveryCounts webhooks = {};
  DeliveryCounts emails = {};

  /// Counts what a committed change has done.
  void note(const persistence::JobChange& change);
  /// The same of a delivery; none before: it is new; none after: it is removed.
  void note(const std::optional<jobs::Delivery>& before,
            const std::optional<jobs::Delivery>& after);

  friend bool operator==(const JobCounts&, const JobCounts&) = default;

 private:
  void note_attempts(const persistence::JobChange& change);
  void note_renditions(const persistence::JobChange& change);
};

}  // namespace darkroom::actors
