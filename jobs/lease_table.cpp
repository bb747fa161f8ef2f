#include "jobs/lease_table.hpp"

#include <utility>

namespace darkroom::jobs {

void LeaseTable::grant(const JobId& job, const Lease& lease, SteadyTime deadline) {
  release(job);
  by_job_.emplace(job, Entry{lease, deadline});
  by_token_.emplace(lease.token, job);
}

bool LeaseTable::renew(const LeaseToken& token, const WorkerId& worker, SteadyTime deadline) {
  const auto job = by_token_.find(token);
  if (job == by_token_.end()) return false;
  auto& entry = by_job_.at(job->second);
  if (entry.lease.worker != worker) return false;
  entry.deadline = deadline;
  return true;
}

std::optional<Lease> LeaseTable::release(const JobId& job) {
  const auto found = by_job_.find(job);
  if (found == by_job_.end()) return std::nullopt;
  auto lease = std::move(found->second.lease);
  by_token_.erase(lease.token);
  by_job_.erase(found);
  return lease;
}

std::vector<JobId> LeaseTable::expired(SteadyTime now) const {
  std::vector<JobId> jobs;
  for (const auto& [job, entry] : by_job_) {
    if (entry.deadline <= now) jobs.push_back(job);
  }
  return jobs;
}

std::vector<JobId> LeaseTable::held_by(const WorkerId& worker) const {
  std::vector<JobId> jobs;
  for (const auto& [job, entry] : by_job_) {
    if (entry.lease.worker == worker) jobs.push_back(job);
  }
  return jobs;
}

}  // namespace darkroom::jobs
