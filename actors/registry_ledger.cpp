#include "actors/registry_ledger.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "actors/service_error.hpp"

namespace darkroom::actors {
namespace {

using jobs::Job;
using jobs::JobId;

ServiceError unknown_job(const JobId& id) {
  return {ServiceErrorCode::unknown_job,
          "There is no job " + id.to_string() + "; it may have expired or been deleted."};
}

ServiceError unknown_worker(const jobs::WorkerId& worker) {
  return {ServiceErrorCode::unknown_worker, "Worker " + worker.name + " has not joined."};
}

ServiceError stale_lease(const JobId& id, std::string_view why) {
  return {ServiceErrorCode::stale_lease,
          "The lease on job " + id.to_string() + " is not current: " + std::string{why} + "."};
}

}  // namespace

RegistryLedger::RegistryLedger(std::shared_ptr<persistence::JobStore> store,
                               RegistryOptions options, std::function<double()> random)
    : store_(std::move(store)), options_(options), random_(std::move(random)) {}

tl::expected<void, persistence::StoreError> RegistryLedger::load(Now now) {
  std::vector<JobId> leased;
  auto read = store_->for_each_unfinished([&](Job job) {
    if (job.lease) leased.push_back(job.id);
    const auto id = job.id;
    settle(id, std::move(job), now);
  });
  if (!read) return read;
  if (options_.leases_die_with_process) {
    for (const auto& id : leased) {
      take_back(id, "the service stopped while this attempt ran", false, now);
    }
  }
  return commit(now);
}

RegistryLedger::Result<Job> RegistryLedger::create(Job job) {
  if (auto room = check_room(); !room) return tl::unexpected(room.error());
  if (is_staged(job.id) || table_.find(job.id) != nullptr) {
    return tl::unexpected(
        ServiceError{ServiceErrorCode::duplicate_job, "Job " + job.id.to_string() + " exists."});
  }
  table_.put(job);
  stage(std::nullopt, job);
  return job;
}

RegistryLedger::Result<Job> RegistryLedger::get(const JobId& id) const {
  if (const auto staged = staged_.find(id); staged != staged_.end()) {
    if (!staged->second.after) return tl::unexpected(unknown_job(id));
    return *staged->second.after;
  }
  if (const auto* job = table_.find(id)) return *job;
  auto stored = store_->get(id);
  if (!stored) return tl::unexpected(to_service_error(stored.error()));
  if (!*stored) return tl::unexpected(unknown_job(id));
  return std::move(**stored);
}

RegistryLedger::Result<Job> RegistryLedger::remove(const JobId& id) {
  auto job = get(id);
  if (!job) return job;
  settle(id, std::nullopt, {});
  stage(*job, std::nullopt);
  return job;
}

RegistryLedger::Result<void> RegistryLedger::check_room() const {
  if (table_.size() < options_.queue_limit) return {};
  return tl::unexpected(ServiceError{ServiceErrorCode::queue_full,
                                     "The queue holds " + std::to_string(table_.size()) +
                                         " unfinished jobs, which is its limit; try again later."});
}

ServiceStatus RegistryLedger::status(Now now) {
  // Each try is a synced write, and anybody may ask.
  constexpr std::chrono::seconds try_interval{1};
  if (!store_tried_at_ || now.steady - *store_tried_at_ >= try_interval) {
    note_write(store_->check_writable(), now);
  }
  ServiceStatus status;
  status.store_writable = store_error_.empty();
  status.store_error = store_error_;
  status.workers = roster_.size();
  status.slots = roster_.slots();
  status.pending = table_.waiting();
  status.processing = table_.processing();
  return status;
}

void RegistryLedger::join(const WorkerHello& hello, Now now) {
  // Leases from before the registry's own restart are the worker's still, if it names them.
  const auto held = leases_.held_by(hello.worker);
  const auto ghost =
      roster_.join(hello.worker, hello.slots, static_cast<std::uint32_t>(held.size()), now.steady);
  if (ghost) lose(*ghost, "the worker process was replaced by a new one of its name", now);
  (void)roster_.heard_from(hello.worker, hello.accepts, now.steady);
  for (const auto& id : held) {
    const auto& token = table_.find(id)->lease->token;
    if (std::ranges::find(hello.held, token) == hello.held.end()) {
      take_back(id, "the task did not reach the worker", false, now);
    } else {
      leases_.renew(token, hello.worker, now.steady + options_.lease);
    }
  }
}

void RegistryLedger::leave(const jobs::WorkerId& worker, Now now) {
  for (const auto& id : leases_.held_by(worker)) {
    take_back(id, "the worker stopped and handed the job back", false, now);
  }
  roster_.leave(worker);
}

void RegistryLedger::lose(const jobs::WorkerId& worker, const std::string& reason, Now now) {
  for (const auto& id : leases_.held_by(worker))
    take_back(id, reason, true, now);
  roster_.leave(worker);
}

RegistryLedger::Result<HeartbeatReply> RegistryLedger::heartbeat(const Heartbeat& heartbeat,
                                                                 Now now) {
  if (!roster_.contains(heartbeat.worker)) return tl::unexpected(unknown_worker(heartbeat.worker));
  HeartbeatReply reply;
  for (const auto& token : heartbeat.held) {
    if (!leases_.renew(token, heartbeat.worker, now.steady + options_.lease)) {
      reply.lost.push_back(token);
    }
  }
  // A slot is busy for as long as the worker has not heard that its job is lost.
  const auto busy = static_cast<std::uint32_t>(reply.lost.size());
  const auto accepts = heartbeat.accepts > busy ? heartbeat.accepts - busy : 0;
  (void)roster_.heard_from(heartbeat.worker, accepts, now.steady);
  return reply;
}

RegistryLedger::Result<void> RegistryLedger::rendition(const RenditionReport& report, Now now) {
  return change(report.job, now, [&](Job& job) {
    return jobs::finish_rendition(job, report.token, report.result, now.wall);
  });
}

RegistryLedger::Result<void> RegistryLedger::finish(const JobReport& report, Now now) {
  // A worker that hands a job back cannot do with another until it says so in a heartbeat.
  if (report.outcome == JobOutcome::handed_back) {
    (void)roster_.heard_from(report.worker, 0, now.steady);
  }
  return change(report.job, now, [&](Job& job) -> jobs::Transition {
    for (const auto& result : report.results) {
      auto noted = jobs::finish_rendition(job, report.token, result, now.wall);
      if (!noted) return noted;
    }
    if (auto noted = jobs::note_findings(job, report.token, report.findings, now.wall); !noted) {
      return noted;
    }
    switch (report.outcome) {
      case JobOutcome::completed:
        return jobs::complete(job, report.token, now.wall);
      case JobOutcome::failed:
        return jobs::fail_attempt(job, report.token, report.error, options_.retry, random_(),
                                  now.wall);
      case JobOutcome::handed_back:
        break;
    }
    return jobs::hand_back(job, report.token, report.error.message, now.wall);
  });
}

void RegistryLedger::expire_leases(Now now) {
  for (const auto& worker : roster_.silent_since(now.steady - options_.lease)) {
    lose(worker, "the worker fell silent", now);
  }
  // What is left are leases from before a restart, of workers that have not shown up since. They
  // may have been stopped as we were, so this is not held against the job.
  for (const auto& id : leases_.expired(now.steady)) {
    take_back(id, "the worker did not come back after a restart", false, now);
  }
}

RegistryLedger::Result<std::vector<Job>> RegistryLedger::expire_jobs(std::size_t limit, Now now) {
  // Jobs in a worker's hands wait for the next sweep, so ask for more than are wanted.
  auto found = store_->expired(now.wall, limit + table_.processing());
  if (!found) return tl::unexpected(to_service_error(found.error()));
  std::vector<Job> removed;
  for (auto& job : *found) {
    if (removed.size() == limit) break;
    const auto* current = table_.find(job.id);
    if (is_staged(job.id) || (current != nullptr && current->lease)) continue;
    settle(job.id, std::nullopt, now);
    stage(job, std::nullopt);
    removed.push_back(std::move(job));
  }
  return removed;
}

RegistryLedger::Result<std::vector<JobId>> RegistryLedger::unknown(
    const std::vector<JobId>& ids) const {
  std::vector<JobId> missing;
  for (const auto& id : ids) {
    auto job = get(id);
    if (job) continue;
    if (job.error().code != ServiceErrorCode::unknown_job) return tl::unexpected(job.error());
    missing.push_back(id);
  }
  return missing;
}

std::vector<RegistryLedger::Assignment> RegistryLedger::assign(Now now) {
  std::vector<Assignment> assignments;
  while (staged_.size() < options_.batch_limit) {
    const auto worker = roster_.most_credit();
    if (!worker) break;
    const auto* ready = table_.next_ready(now.wall);
    if (ready == nullptr) break;
    const auto id = ready->id;
    const jobs::Lease lease{.token = jobs::LeaseToken::generate(), .worker = *worker};
    const auto started =
        change(id, now, [&](Job& job) { return jobs::start_attempt(job, lease, now.wall); });
    if (!started) break;
    const auto* job = table_.find(id);
    Task task{.job = id,
              .token = lease.token,
              .attempt = job->attempts.back().number,
              .original_key = job->original.blob_key,
              .renditions = {}};
    for (const auto& rendition : job->renditions)
      task.renditions.push_back(rendition.spec);
    assignments.push_back({*worker, std::move(task)});
  }
  return assignments;
}

bool RegistryLedger::can_assign(jobs::Timestamp now) const {
  return table_.next_ready(now) != nullptr && roster_.most_credit().has_value();
}

tl::expected<void, persistence::StoreError> RegistryLedger::commit(Now now) {
  if (staged_.empty()) return {};
  std::vector<persistence::JobChange> changes;
  changes.reserve(staged_.size());
  for (auto& [id, staged] : staged_)
    changes.push_back(staged);
  auto written = store_->commit(changes);
  note_write(written, now);
  if (!written) undo(now);
  staged_.clear();
  return written;
}

RegistryLedger::Result<void> RegistryLedger::change(const JobId& id, Now now, const Change& apply) {
  const auto* current = table_.find(id);
  if (current == nullptr) return tl::unexpected(stale_lease(id, "the job is finished or gone"));
  Job before = *current;
  Job after = before;
  if (auto applied = apply(after); !applied) {
    return tl::unexpected(stale_lease(id, jobs::to_string(applied.error())));
  }
  settle(id, after, now);
  stage(std::move(before), std::move(after));
  return {};
}

void RegistryLedger::stage(std::optional<Job> before, std::optional<Job> after) {
  const auto id = before ? before->id : after->id;
  const auto [found, is_new] = staged_.try_emplace(id);
  if (is_new) found->second.before = std::move(before);
  found->second.after = std::move(after);
  // Created and removed before anything was written: there is nothing to write.
  if (!found->second.before && !found->second.after) staged_.erase(found);
}

void RegistryLedger::settle(const JobId& id, const std::optional<Job>& job, Now now) {
  const bool keeps_lease =
      job && job->lease && table_.find(id) != nullptr && table_.find(id)->lease == job->lease;
  if (!keeps_lease) {
    if (const auto released = leases_.release(id)) roster_.gave_back_job(released->worker);
    if (job && job->lease) {
      leases_.grant(id, *job->lease, now.steady + options_.lease);
      roster_.took_job(job->lease->worker);
    }
  }
  if (job) {
    table_.put(*job);
  } else {
    table_.erase(id);
  }
}

void RegistryLedger::take_back(const JobId& id, const std::string& reason, bool crashed, Now now) {
  const auto* job = table_.find(id);
  if (job == nullptr || !job->lease) return;
  const auto token = job->lease->token;
  const auto taken = change(id, now, [&](Job& j) {
    return crashed ? jobs::lose_attempt(j, token, reason, options_.retry, now.wall)
                   : jobs::hand_back(j, token, reason, now.wall);
  });
  (void)taken;  // The token was read from the job itself, so it is the current one.
}

void RegistryLedger::note_write(const tl::expected<void, persistence::StoreError>& written,
                                Now now) {
  store_tried_at_ = now.steady;
  store_error_ = written ? std::string{} : written.error().message;
}

void RegistryLedger::undo(Now now) {
  for (const auto& [id, staged] : staged_)
    settle(id, staged.before, now);
}

}  // namespace darkroom::actors
