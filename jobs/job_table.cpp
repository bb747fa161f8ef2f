#include "jobs/job_table.hpp"

#include <algorithm>
#include <utility>

namespace darkroom::jobs {
namespace {

std::optional<Timestamp> earlier(std::optional<Timestamp> one, std::optional<Timestamp> other) {
  if (!one || !other) return one ? one : other;
  return std::min(*one, *other);
}

}  // namespace

void JobTable::set_weight(std::string_view queue, std::uint32_t weight) {
  order_.set_weight(queue, weight);
  fetches_.set_weight(queue, weight);
}

void JobTable::set_paused(std::string_view queue, bool paused) {
  order_.set_paused(queue, paused);
  fetches_.set_paused(queue, paused);
}

void JobTable::put(SharedJob job) {
  erase(job->id);
  if (is_final(job->status)) return;
  auto where = Where::ready;
  if (job->status == JobStatus::processing) {
    where = Where::processing;
    ++processing_;
    ++counts_of(job->queue).processing;
    if (must_fetch(*job)) ++counts_of(job->queue).fetching;
  } else if (job->run_at > now_) {
    where = Where::later;
    later_.insert({job->run_at, job->id});
    ++counts_of(job->queue).later;
    if (must_run_alone(*job)) ++later_alone_;
  } else {
    order_of(*job).insert(*job);
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
      if (must_fetch(job)) --counts_of(job.queue).fetching;
      break;
    case Where::later:
      later_.erase({job.run_at, id});
      --counts_of(job.queue).later;
      if (must_run_alone(job)) --later_alone_;
      break;
    case Where::ready:
      order_of(job).erase(job);
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
    if (must_run_alone(*entry.job)) --later_alone_;
    entry.where = Where::ready;
    order_of(*entry.job).insert(*entry.job);
  }
}

std::optional<Timestamp> JobTable::oldest_ready() const {
  std::optional<Timestamp> oldest;
  for (const auto* order : {&order_, &fetches_}) {
    for (const auto& queue : order->figures())
      oldest = earlier(oldest, queue.oldest);
  }
  return oldest;
}

std::vector<JobTable::Figures> JobTable::figures() const {
  std::map<std::string, Figures, std::less<>> by_name;
  for (const auto* order : {&order_, &fetches_}) {
    for (const auto& queue : order->figures()) {
      auto& figures = by_name.try_emplace(std::string{queue.name}).first->second;
      figures.name = queue.name;
      figures.weight = queue.weight;
      figures.paused = queue.paused;
      figures.ready += queue.ready;
      if (order == &fetches_) figures.to_fetch = queue.ready;
      figures.oldest = earlier(figures.oldest, queue.oldest);
    }
  }
  for (const auto& [name, counts] : counts_) {
    auto& figures = by_name.try_emplace(name, Figures{.name = name}).first->second;
    figures.later = counts.later;
    figures.processing = counts.processing;
    figures.fetching = counts.fetching;
  }
  std::vector<Figures> all;
  all.reserve(by_name.size());
  for (auto& [name, figures] : by_name)
    all.push_back(std::move(figures));
  return all;
}

}  // namespace darkroom::jobs
