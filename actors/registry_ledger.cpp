#include "actors/registry_ledger.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

#include "actors/service_error.hpp"

namespace darkroom::actors {
namespace {

using jobs::Job;
using jobs::JobId;

ServiceError stale_lease(const JobId& id, std::string_view why) {
  return {ServiceErrorCode::stale_lease,
          "The lease on job " + id.to_string() + " is not current: " + std::string{why} + "."};
}

ServiceError refused(const JobId& id, jobs::TransitionError error) {
  using jobs::TransitionError;
  if (error == TransitionError::wrong_state || error == TransitionError::stale_lease) {
    return stale_lease(id, jobs::to_string(error));
  }
  return {ServiceErrorCode::bad_report, "The report does not fit job " + id.to_string() + ": " +
                                            std::string{jobs::to_string(error)} + "."};
}

}  // namespace

RegistryLedger::RegistryLedger(std::shared_ptr<persistence::JobStore> store,
                               RegistryOptions options)
    : store_(std::move(store)), options_(std::move(options)) {
  table_.set_weight("default", 1);
  for (const auto& [queue, weight] : options_.queue_weights)
    table_.set_weight(queue, weight);
}

tl::expected<persistence::Damage, persistence::StoreError> RegistryLedger::load(Now now) {
  counting_since_ = now.wall;
  table_.advance(now.wall);
  const auto stored = store_->text(persistence::operators_text);
  if (!stored) return tl::unexpected(stored.error());
  auto decisions = persistence::decode_operator_state(*stored);
  if (!decisions) {
    return tl::unexpected(persistence::StoreError{
        .code = persistence::StoreErrorCode::corrupt,
        .message = "what operators decided cannot be read: " + decisions.error()});
  }
  adopt(std::move(*decisions));
  const auto last = store_->last_revision();
  if (!last) return tl::unexpected(last.error());
  last_revision_ = *last;
  std::vector<JobId> leased;
  auto damage = store_->for_each_unfinished([&](Job job) {
    last_revision_ = std::max(last_revision_, job.revision);
    if (job.lease && job.lease->worker.name.starts_with(jobs::local_worker_prefix)) {
      leased.push_back(job.id);
    }
    const auto id = job.id;
    settle(id, std::move(job), now);
  });
  if (!damage) return damage;
  const auto counted =
      store_->for_each_pending_delivery([this](const JobId& id) { pending_deliveries_.add(id); });
  if (!counted) return tl::unexpected(counted.error());
  if (auto found = find_ended_batches(now); !found) return tl::unexpected(std::move(found.error()));
  if (options_.leases_are_dead && options_.leases_are_dead->exchange(false)) {
    for (const auto& id : leased) {
      take_back(id, "the service stopped while this attempt ran", Loss::recovered, now);
    }
  }
  return damage;
}

ServiceStatus RegistryLedger::status(Now now) {
  table_.advance(now.wall);
  ServiceStatus status;
  status.store_writable = store_error_.empty();
  status.workers = roster_.size();
  status.slots = roster_.slots();
  status.pending = table_.waiting();
  status.processing = table_.processing();
  status.alone = table_.waiting_alone();
  status.oldest_ready = table_.oldest_ready();
  status.counts = counts_;
  status.counting_since = counting_since_;
  status.actor_restarts = actor_restarts_;
  status.queues = queue_statuses();
  status.open_batches = unfinished_in_batch_.size();
  status.pending_deliveries = pending_deliveries_.size();
  status.oldest_delivery = pending_deliveries_.oldest();
  return status;
}

RegistryLedger::Result<persistence::FoundJobs> RegistryLedger::due_jobs(std::size_t limit,
                                                                        Now now) const {
  limit = std::min(limit, options_.batch_limit);
  // Jobs in a worker's hands wait for the next sweep, so ask for more than are wanted.
  auto found =
      store_->expired(now.wall, limit + table_.processing() + staged_.size() + committing_.size());
  if (!found) return tl::unexpected(to_service_error(found.error()));
  std::erase_if(found->jobs, [&](const Job& job) {
    const auto* current = table_.find(job.id);
    return is_staged(job.id) || (current != nullptr && current->lease);
  });
  if (found->jobs.size() > limit) found->jobs.resize(limit);
  return std::move(*found);
}

RegistryLedger::Result<persistence::FoundJobs> RegistryLedger::expire_jobs(std::size_t limit,
                                                                           Now now) {
  auto due = due_jobs(limit, now);
  if (!due) return due;
  for (const auto& job : due->jobs) {
    settle(job.id, std::nullopt, now);
    stage(job, std::nullopt);
    touch_batch(job, now.wall);
  }
  return due;
}

persistence::WriteSet RegistryLedger::begin_commit() {
  tell_of_ends();
  stage_batches();
  committing_ = std::exchange(staged_, {});
  committing_records_ = std::exchange(staged_records_, {});
  committing_keys_ = std::exchange(staged_keys_, {});
  committing_names_ = std::exchange(staged_names_, {});
  committing_losses_ = std::exchange(staged_losses_, {});
  persistence::WriteSet batch;
  batch.jobs.reserve(committing_.size());
  for (const auto& [id, change] : committing_)
    batch.jobs.push_back(change);
  // First what is removed, whose idempotency key may be that of a new job.
  std::ranges::partition(batch.jobs, [](const auto& change) { return !change.after; });
  batch.records.reserve(committing_records_.size());
  for (const auto& [name, change] : committing_records_)
    batch.records.push_back(change);
  return batch;
}

RegistryLedger::Result<std::optional<std::string>> RegistryLedger::record(persistence::Record kind,
                                                                          const JobId& id) const {
  for (const auto* records : {&staged_records_, &committing_records_}) {
    if (const auto found = records->find({kind, id}); found != records->end())
      return found->second.after;
  }
  auto stored = store_->record(kind, id);
  if (!stored) return tl::unexpected(to_service_error(stored.error()));
  return std::move(*stored);
}

void RegistryLedger::stage_record(persistence::RecordChange change) {
  const auto [found, is_new] = staged_records_.try_emplace({change.kind, change.id});
  auto& staged = found->second;
  if (is_new) {
    staged = std::move(change);
  } else {
    staged.after = std::move(change.after);
  }
  if (!staged.before && !staged.after) staged_records_.erase(found);
}

RegistryLedger::Result<std::uint32_t> RegistryLedger::expire_records(std::size_t limit, Now now) {
  std::uint32_t removed = 0;
  for (const auto kind : {persistence::Record::delivery, persistence::Record::batch}) {
    const auto most = std::min(limit, options_.batch_limit);
    // A batch whose last jobs a worker has in its hands yet is first completed.
    const auto kept = kind == persistence::Record::batch ? unfinished_in_batch_.size() : 0;
    auto expired = store_->expired_records(kind, now.wall, most + kept);
    if (!expired) return tl::unexpected(to_service_error(expired.error()));
    if (kept > 0) {
      std::erase_if(*expired,
                    [this](const auto& c) { return unfinished_in_batch_.contains(c.id); });
    }
    if (expired->size() > most) expired->resize(most);
    for (auto& change : *expired) {
      // What is staged stands on something else than what is stored; the next sweep sees to it.
      const std::pair name{change.kind, change.id};
      if (staged_records_.contains(name) || committing_records_.contains(name)) continue;
      stage_record(std::move(change));
      ++removed;
    }
  }
  return removed;
}

void RegistryLedger::end_commit(const tl::expected<void, persistence::StoreError>& written,
                                Now now) {
  note_write(written, now);
  if (written) {
    for (const auto& [id, change] : committing_)
      counts_.note(change);
    for (const auto& [name, change] : committing_records_)
      note_delivery(change);
    counts_.recoveries += committing_losses_.all;
    counts_.lease_expiries += committing_losses_.expired;
  } else {
    // The latest first, because it stands on the other.
    undo(staged_, now);
    undo(committing_, now);
    staged_.clear();
    staged_records_.clear();
    staged_keys_.clear();
    staged_names_.clear();
    staged_losses_ = {};
    // Some may be of jobs that have ended before, whose batches could not be read then.
    touched_batches_.merge(committing_touches_);
  }
  committing_.clear();
  committing_touches_.clear();
  committing_records_.clear();
  committing_keys_.clear();
  committing_names_.clear();
}

bool RegistryLedger::is_current(const Task& task) const {
  const auto* job = table_.find(task.job);
  return job != nullptr && job->lease && job->lease->token == task.token;
}

RegistryLedger::Result<void> RegistryLedger::change(const JobId& id, Now now, const Change& apply) {
  auto before = table_.share(id);
  if (!before) return tl::unexpected(stale_lease(id, "the job is finished or gone"));
  Job changed = *before;
  if (auto applied = apply(changed); !applied) {
    return tl::unexpected(refused(id, applied.error()));
  }
  put(std::move(before), std::move(changed), now);
  return {};
}

void RegistryLedger::put(jobs::SharedJob before, Job job, Now now) {
  job.revision = next_revision(now.wall);
  const jobs::SharedJob after{std::move(job)};
  settle(after->id, after, now);
  const bool was_final = before && is_final(before->status);
  if (was_final != is_final(after->status)) touch_batch(*after, now.wall);
  stage(std::move(before), after);
}

std::uint64_t RegistryLedger::next_revision(jobs::Timestamp now) {
  const auto clock = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch());
  last_revision_ = std::max(last_revision_ + 1,
                            static_cast<std::uint64_t>(std::max<std::int64_t>(0, clock.count())));
  return last_revision_;
}

void RegistryLedger::stage(jobs::SharedJob before, jobs::SharedJob after) {
  const auto id = before ? before->id : after->id;
  const auto [found, is_new] = staged_.try_emplace(id);
  if (is_new) found->second.before = std::move(before);
  // A removal has a place in the order of changes as well.
  found->second.revision = after ? after->revision : next_revision({});
  found->second.after = std::move(after);
  // Created and removed before anything was written: there is nothing to write.
  if (!found->second.before && !found->second.after) staged_.erase(found);
}

void RegistryLedger::settle(const JobId& id, const jobs::SharedJob& job, Now now) {
  const auto* before = table_.find(id);
  const bool keeps_lease = job && job->lease && before != nullptr && before->lease == job->lease;
  if (!keeps_lease) {
    if (const auto released = leases_.release(id))
      roster_for(*before).gave_back_job(released->worker);
    if (job && job->lease) {
      leases_.grant(id, *job->lease, now.steady + options_.lease);
      roster_for(*job).took_job(job->lease->worker, must_run_alone(*job));
    }
  }
  place(id, job);
}

void RegistryLedger::place(const JobId& id, const jobs::SharedJob& job) {
  if (const auto* before = table_.find(id); before != nullptr && before->batch) {
    const auto unfinished = unfinished_in_batch_.find(*before->batch);
    if (--unfinished->second == 0) unfinished_in_batch_.erase(unfinished);
  }
  if (job) {
    table_.put(job);
  } else {
    table_.erase(id);
  }
  if (job && job->batch && !is_final(job->status)) ++unfinished_in_batch_[*job->batch];
}

const jobs::RetryPolicy& RegistryLedger::policy_of(const Job& job) const {
  const auto own = options_.queue_retry.find(job.queue);
  return own == options_.queue_retry.end() ? options_.retry : own->second;
}

void RegistryLedger::note_write(const tl::expected<void, persistence::StoreError>& written,
                                Now now) {
  store_tried_at_ = now.steady;
  store_error_ = written ? std::string{} : written.error().message;
}

void RegistryLedger::undo(const Changes& changes, Now now) {
  for (const auto& [id, change] : changes)
    settle(id, change.before, now);
}

}  // namespace darkroom::actors
