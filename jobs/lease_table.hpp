#pragma once

#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "jobs/job_id.hpp"
#include "jobs/lease.hpp"
#include "jobs/timestamp.hpp"

namespace darkroom::jobs {

/// Deadlines of the leases that are out, by monotonic time. Plain, not thread-safe.
class LeaseTable {
 public:
  /// Enters a lease, or replaces the one that the job had.
  void grant(const JobId& job, const Lease& lease, SteadyTime deadline);

  /// Puts off the deadline of the lease with this token if `worker` holds it; false where not.
  bool renew(const LeaseToken& token, const WorkerId& worker, SteadyTime deadline);

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
  };

  std::unordered_map<JobId, Entry> by_job_;
  std::map<LeaseToken, JobId> by_token_;
};

}  // namespace darkroom::jobs
