#include "jobs/job_table.hpp"

#include <utility>

namespace darkroom::jobs {

void JobTable::put(Job job) {
  erase(job.id);
  if (is_final(job.status)) return;
  if (job.status != JobStatus::processing) waiting_.insert({job.run_at, job.id});
  const auto id = job.id;
  jobs_.emplace(id, std::move(job));
}

void JobTable::erase(const JobId& id) {
  const auto found = jobs_.find(id);
  if (found == jobs_.end()) return;
  waiting_.erase({found->second.run_at, id});
  jobs_.erase(found);
}

const Job* JobTable::find(const JobId& id) const {
  const auto found = jobs_.find(id);
  return found == jobs_.end() ? nullptr : &found->second;
}

const Job* JobTable::next_ready(Timestamp now) const {
  if (waiting_.empty() || waiting_.begin()->run_at > now) return nullptr;
  return find(waiting_.begin()->id);
}

std::optional<Timestamp> JobTable::next_run_at() const {
  if (waiting_.empty()) return std::nullopt;
  return waiting_.begin()->run_at;
}

}  // namespace darkroom::jobs
