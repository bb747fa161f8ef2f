#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "actors/registry_ledger.hpp"
#include "actors/service_error.hpp"
#include "persistence/packed_batch.hpp"

namespace darkroom::actors {
namespace {

using jobs::Batch;
using jobs::Job;
using jobs::JobId;
using persistence::Record;

/// Whoever connects to the node's port may send anything.
RegistryLedger::Result<void> check_form(const Batch& batch, const std::vector<Job>& jobs) {
  const auto refused = [](const char* why) {
    return tl::unexpected(
        ServiceError{ServiceErrorCode::bad_request, std::string{"A batch "} + why});
  };
  if (jobs.empty() || jobs.size() > most_batch_jobs) return refused("has 1 to 200 jobs.");
  std::set<JobId> ids;
  for (const auto& job : jobs) {
    if (job.batch != batch.id || job.tenant != batch.tenant) return refused("has its own jobs.");
    if (!job.public_name.empty()) return refused("has jobs without public names.");
    if (job.idempotency && &job != &jobs.front()) return refused("has one idempotency key.");
    if (!ids.insert(job.id).second) return refused("has jobs with ids of their own.");
  }
  return {};
}

}  // namespace

RegistryLedger::Result<CreatedBatch> RegistryLedger::create_batch(Batch batch,
                                                                  std::vector<Job> jobs, Now now) {
  if (auto form = check_form(batch, jobs); !form) return tl::unexpected(form.error());
  if (const auto& named = jobs.front().idempotency) {
    auto earlier = job_of_key(batch.tenant, named->key, now);
    if (!earlier) return tl::unexpected(std::move(earlier.error()));
    if (*earlier) return repeat_batch(**earlier, *named);
  }
  const auto known = record(Record::batch, batch.id);
  if (!known) return tl::unexpected(known.error());
  if (*known) {
    return tl::unexpected(ServiceError{ServiceErrorCode::duplicate_job,
                                       "Batch " + batch.id.to_string() + " exists."});
  }
  if (jobs.size() > options_.queue_limit) {
    return tl::unexpected(ServiceError{
        ServiceErrorCode::batch_too_large,
        "The queue takes " + std::to_string(options_.queue_limit) + " jobs in all; send fewer."});
  }
  if (auto room = check_room(jobs.size()); !room) return tl::unexpected(room.error());
  if (auto taken = check_callback(batch.callback_url); !taken) return tl::unexpected(taken.error());
  for (const auto& job : jobs) {
    if (auto fresh = check_new(job.id); !fresh) return tl::unexpected(fresh.error());
  }
  batch.total = static_cast<std::uint32_t>(jobs.size());
  batch.completed_at.reset();
  batch.expires_at = std::ranges::max(jobs, {}, &Job::expires_at).expires_at;
  stage_record({.kind = Record::batch, .id = batch.id, .after = persistence::pack_batch(batch)});
  for (auto& job : jobs)
    enter(job, now);
  return CreatedBatch{.batch = std::move(batch), .jobs = std::move(jobs)};
}

RegistryLedger::Result<CreatedBatch> RegistryLedger::repeat_batch(const Job& first,
                                                                  const jobs::Idempotency& named) {
  if (first.batch && first.idempotency->fingerprint == named.fingerprint) {
    auto batch = batch_record(*first.batch);
    if (!batch) return tl::unexpected(std::move(batch.error()));
    if (!*batch) return tl::unexpected(no_such_batch(*first.batch));
    auto jobs = jobs_of(**batch);
    if (!jobs) return tl::unexpected(std::move(jobs.error()));
    return CreatedBatch{.batch = std::move(**batch), .jobs = std::move(*jobs), .replayed = true};
  }
  return tl::unexpected(key_reused(first));
}

RegistryLedger::Result<std::vector<Job>> RegistryLedger::jobs_of(const Batch& batch) const {
  auto stored =
      store_->find({.tenant = batch.tenant, .batch = batch.id}, std::nullopt, most_batch_jobs);
  if (!stored) return tl::unexpected(to_service_error(stored.error()));
  std::set<JobId> ids;
  for (const auto& job : stored->jobs)
    ids.insert(job.id);
  for (const auto* changes : {&staged_, &committing_}) {
    for (const auto& [id, change] : *changes) {
      if (change.after && change.after->batch == batch.id) ids.insert(id);
    }
  }
  std::vector<Job> jobs;
  for (const auto& id : ids) {
    // What is staged has gone further than what is stored.
    if (auto job = get(id)) jobs.push_back(std::move(*job));
  }
  jobs.resize(jobs_of_one_message(jobs));
  return jobs;
}

RegistryLedger::Result<std::optional<Batch>> RegistryLedger::batch_record(const JobId& id) const {
  const auto packed = record(Record::batch, id);
  if (!packed) return tl::unexpected(packed.error());
  if (!*packed) return std::nullopt;
  auto batch = persistence::unpack_batch(**packed);
  if (batch) return std::move(*batch);
  return tl::unexpected(ServiceError{ServiceErrorCode::damaged, batch.error()});
}

void RegistryLedger::touch_batch(const Job& job, jobs::Timestamp at) {
  if (!job.batch) return;
  auto& touch = touched_batches_[*job.batch];
  touch.at = std::max(touch.at, at);
  touch.expires_at = std::max(touch.expires_at, job.expires_at);
}

tl::expected<void, persistence::StoreError> RegistryLedger::find_ended_batches(Now now) {
  const auto open = store_->open_batches();
  if (!open) return tl::unexpected(open.error());
  for (const auto& id : *open) {
    if (unfinished_in_batch_.contains(id)) continue;
    const auto found = store_->find({.batch = id}, std::nullopt, most_batch_jobs);
    BatchTouch touch;
    for (const auto& job : found ? found->jobs : std::vector<Job>{}) {
      touch.at = std::max(touch.at, job.completed_at.value_or(job.updated_at));
      touch.expires_at = std::max(touch.expires_at, job.expires_at);
    }
    // Their jobs may be gone, too.
    if (touch.at == jobs::Timestamp{}) touch.at = now.wall;
    touch.found_at = now.wall;
    touched_batches_.emplace(id, touch);
  }
  return {};
}

void RegistryLedger::stage_batches() {
  committing_touches_ = std::exchange(touched_batches_, {});
  for (const auto& [id, touch] : committing_touches_) {
    const auto before = batch_record(id);
    // What cannot be read now may be when the next commit begins; a damaged one never will.
    if (!before && before.error().code != ServiceErrorCode::damaged)
      touched_batches_.emplace(id, touch);
    if (!before || !*before) continue;
    auto after = **before;
    after.expires_at = std::max(after.expires_at, touch.expires_at);
    if (!after.completed_at && !unfinished_in_batch_.contains(id)) complete(after, touch);
    if (after == **before) continue;
    stage_record({.kind = Record::batch,
                  .id = id,
                  .before = persistence::pack_batch(**before),
                  .after = persistence::pack_batch(after)});
  }
}

void RegistryLedger::complete(Batch& batch, const BatchTouch& touch) {
  batch.completed_at = touch.at;
  stage_deliveries(
      batch.id, batch.tenant, "batch.completed", batch.callback_url,
      [&] { return persistence::pack_batch(batch); }, std::max(touch.at, touch.found_at));
}

}  // namespace darkroom::actors
