#include "jobs/job_table.hpp"

#include <utility>

namespace darkroom::jobs {

void JobTable::put(SharedJob job) {
  erase(job->id);
  if (is_final(job->status)) return;
  auto where = Where::ready;
  if (job->status == JobStatus::processing) {
    where = Where::processing;
    ++processing_;
    ++counts_of(job->queue).processing;
  } else if (job->run_at > now_) {
    where = Where::later;
    later_.insert({job->run_at, job->id});
    ++counts_of(job->queue).later;
    if (job->alone) ++later_alone_;
  } else {
    order_.insert(*job);
  }
  const auto id = job->id;
  jobs_.emplace(id, Entry{std::move(job), where});
}

void JobTable::erase(const JobId& id) {
  const auto found = jobs_.find(id);
  if (found == jobs_.end()) return;
  const auto& job = *found->second.job;
  switch (found->second.where) {
    case Where::processing:
      --processing_;
      --counts_of(job.queue).processing;
      break;
    case Where::later:
      later_.erase({job.run_at, id});
      --counts_of(job.queue).later;
      if (job.alone) --later_alone_;
      break;
    case Where::ready:
      order_.erase(job);
      break;
  }
  jobs_.erase(found);
}

const Job* JobTable::find(const JobId& id) const {
  const auto found = jobs_.find(id);
  return found == jobs_.end() ? nullptr : found->second.job.get();
}

SharedJob JobTable::share(const JobId& id) const {
  const auto found = jobs_.find(id);
  return found == jobs_.end() ? SharedJob{} : found->second.job;
}

void JobTable::advance(Timestamp now) {
  now_ = now;
  while (!later_.empty() && later_.begin()->run_at <= now) {
    auto& entry = jobs_.at(later_.begin()->id);
    later_.erase(later_.begin());
    --counts_of(entry.job->queue).later;
    if (entry.job->alone) --later_alone_;
    entry.where = Where::ready;
    order_.insert(*entry.job);
  }
}

std::optional<Timestamp> JobTable::oldest_ready() const {
  std::optional<Timestamp> oldest;
  for (const auto& queue : order_.figures()) {
    if (queue.oldest && (!oldest || *queue.oldest < *oldest)) oldest = queue.oldest;
  }
  return oldest;
}

std::vector<JobTable::Figures> JobTable::figures() const {
  std::map<std::string, Figures, std::less<>> by_name;
  for (const auto& queue : order_.figures()) {
    by_name.emplace(queue.name, Figures{.name = std::string{queue.name},
                                        .weight = queue.weight,
                                        .paused = queue.paused,
                                        .ready = queue.ready,
                                        .oldest = queue.oldest});
  }
  for (const auto& [name, counts] : counts_) {
    auto& figures = by_name.try_emplace(name, Figures{.name = name}).first->second;
    figures.later = counts.later;
    figures.processing = counts.processing;
  }
  std::vector<Figures> all;
  all.reserve(by_name.size());
  for (auto& [name, figures] : by_name)
    all.push_back(std::move(figures));
  return all;
}

}  // namespace darkroom::jobs
