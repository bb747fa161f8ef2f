#include "jobs/job_table.hpp"

#include <utility>

namespace darkroom::jobs {

void JobTable::put(SharedJob job) {
  erase(job->id);
  if (is_final(job->status)) return;
  if (job->status != JobStatus::processing) {
    line_of(*job)[job->priority].insert({job->run_at, job->id});
  }
  const auto id = job->id;
  jobs_.emplace(id, std::move(job));
}

void JobTable::erase(const JobId& id) {
  const auto found = jobs_.find(id);
  if (found == jobs_.end()) return;
  const auto& job = *found->second;
  if (job.status != JobStatus::processing) line_of(job)[job.priority].erase({job.run_at, id});
  jobs_.erase(found);
}

const Job* JobTable::find(const JobId& id) const {
  const auto found = jobs_.find(id);
  return found == jobs_.end() ? nullptr : found->second.get();
}

SharedJob JobTable::share(const JobId& id) const {
  const auto found = jobs_.find(id);
  return found == jobs_.end() ? SharedJob{} : found->second;
}

const Job* JobTable::next_of(const Line& line, Timestamp now) const {
  for (const auto& [priority, places] : line) {
    if (!places.empty() && places.begin()->run_at <= now) return find(places.begin()->id);
  }
  return nullptr;
}

const Job* JobTable::oldest_ready(Timestamp now) const {
  const Place* oldest = nullptr;
  for (const auto* line : {&together_, &alone_}) {
    for (const auto& [priority, places] : *line) {
      if (places.empty() || places.begin()->run_at > now) continue;
      if (oldest == nullptr || *places.begin() < *oldest) oldest = &*places.begin();
    }
  }
  return oldest == nullptr ? nullptr : find(oldest->id);
}

std::size_t JobTable::length_of(const Line& line) {
  std::size_t sum = 0;
  for (const auto& [priority, places] : line)
    sum += places.size();
  return sum;
}

}  // namespace darkroom::jobs
