#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "jobs/job_id.hpp"
#include "jobs/lease.hpp"
#include "jobs/timestamp.hpp"

namespace darkroom::jobs {

/// How far a lease is known to have come: what decides who is to blame when its worker dies.
enum class LeaseProgress : std::uint8_t {
  granted,  ///< The worker has not been told yet.
  sent,     ///< The worker was told, and has not been heard to hold it.
  held,     ///< The worker has said that it holds it.
};

/// Deadlines of the leases that are out, by monotonic time. Plain, not thread-safe.
class LeaseTable {
 public:
  /// Enters a lease, or replaces the one that the job had.
  void grant(const JobId& job, const Lease& lease, SteadyTime deadline);

  /// The worker is told of the lease with this token.
  void note_sent(const LeaseToken& token, SteadyTime now);

  /// Puts off the deadline of the lease with this token if `worker` holds it; false where not. It
  /// is `held` from then on.
  bool renew(const LeaseToken& token, const WorkerId& worker, SteadyTime deadline);

  /// `granted` where the job has no lease.
  [[nodiscard]] LeaseProgress progress(const JobId& job) const;
  /// When the worker was told; nullopt where it was not.
  [[nodiscard]] std::optional<SteadyTime> sent_at(const JobId& job) const;

  /// Forgets the job's lease and returns it, if it has one.
  std::optional<Lease> release(const JobId& job);

  /// The jobs whose deadline is not after `now`.
  [[nodiscard]] std::vector<JobId> expired(SteadyTime now) const;

  /// The jobs that this worker holds leases of.
  [[nodiscard]] std::vector<JobId> held_by(const WorkerId& worker) const;

 private:
  struct Entry {
    Lease lease;
    SteadyTime deadline;
    std::optional<SteadyTime> sent_at = std::nullopt;
    bool held = false;
  };

  std::unordered_map<JobId, Entry> by_job_;
  std::map<LeaseToken, JobId> by_token_;
};

}  // namespace darkroom::jobs
