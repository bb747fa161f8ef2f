#include "jobs/lease_table.hpp"

#include <utility>

namespace darkroom::jobs {

void LeaseTable::grant(const JobId& job, const Lease& lease, SteadyTime deadline) {
  release(job);
  by_job_.emplace(job, Entry{lease, deadline});
  by_token_.emplace(lease.token, job);
}

void LeaseTable::note_sent(const LeaseToken& token, SteadyTime now) {
  if (const auto job = by_token_.find(token); job != by_token_.end()) {
    by_job_.at(job->second).sent_at = now;
  }
}

bool LeaseTable::renew(const LeaseToken& token, const WorkerId& worker, SteadyTime deadline) {
  const auto job = by_token_.find(token);
  if (job == by_token_.end()) return false;
  auto& entry = by_job_.at(job->second);
  if (entry.lease.worker != worker) return false;
  entry.deadline = deadline;
  entry.held = true;
  return true;
}

LeaseProgress LeaseTable::progress(const JobId& job) const {
  const auto found = by_job_.find(job);
  if (found == by_job_.end()) return LeaseProgress::granted;
  if (found->second.held) return LeaseProgress::held;
  return found->second.sent_at ? LeaseProgress::sent : LeaseProgress::granted;
}

std::optional<SteadyTime> LeaseTable::sent_at(const JobId& job) const {
  const auto found = by_job_.find(job);
  return found == by_job_.end() ? std::nullopt : found->second.sent_at;
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
