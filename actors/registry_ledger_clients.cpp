#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

#include "actors/registry_ledger.hpp"
#include "actors/service_error.hpp"
#include "persistence/hex.hpp"
#include "persistence/index_keys.hpp"

namespace darkroom::actors {
namespace {

using jobs::Job;
using jobs::JobId;

/// How long an id that was unknown to the janitor is refused: far longer than a request for a new
/// job can be under way (http.backend_timeout).
constexpr std::chrono::minutes burial{10};

ServiceError wrong_state(const Job& job, std::string_view allowed) {
  return {ServiceErrorCode::wrong_state, "Job " + job.id.to_string() + " is " +
                                             std::string{jobs::to_string(job.status)} + "; " +
                                             std::string{allowed}};
}

/// A public name as a key: no two jobs have the same.
std::string scoped_name(const Job& job) {
  return job.tenant + '\0' + job.public_name;
}

/// "photo.jpg" with "x" is "photo_x.jpg", as Django names a file whose name is taken.
std::string with_suffix(const std::string& name, const std::string& suffix) {
  if (suffix.empty()) return name;
  const auto dot = name.rfind('.');
  const auto stem = dot == std::string::npos || dot == 0 ? name.size() : dot;
  return name.substr(0, stem) + '_' + suffix + name.substr(stem);
}

/// Seven letters and digits out of the random part of an id.
std::string short_name(const JobId& id) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  constexpr std::size_t length = 7;
  constexpr std::size_t random_bytes = 7;  // And one more, in which the variant is.
  std::uint64_t number = 0;
  const auto& bytes = id.bytes();
  for (std::size_t i = bytes.size() - random_bytes; i < bytes.size(); ++i)
    number = number << 8U | bytes.at(i);
  std::string name;
  for (; name.size() < length; number /= letters.size())
    name += letters[number % letters.size()];
  return name;
}

std::string long_name(const JobId& id) {
  return persistence::to_hex(id.bytes());
}

}  // namespace

RegistryLedger::Result<CreatedJob> RegistryLedger::create(Job job, Now now) {
  if (job.idempotency) {
    auto earlier = job_of_key(job.tenant, job.idempotency->key, now);
    if (!earlier) return tl::unexpected(std::move(earlier.error()));
    if (*earlier && (*earlier)->idempotency->fingerprint == job.idempotency->fingerprint) {
      return CreatedJob{std::move(**earlier), true};
    }
    if (*earlier) return tl::unexpected(key_reused(**earlier));
  }
  if (auto room = check_room(); !room) return tl::unexpected(room.error());
  if (auto taken = check_callback(job.callback_url); !taken) return tl::unexpected(taken.error());
  if (auto fresh = check_new(job.id); !fresh) return tl::unexpected(fresh.error());
  if (auto named = settle_public_name(job); !named) return tl::unexpected(named.error());
  enter(job, now);
  return CreatedJob{std::move(job), false};
}

RegistryLedger::Result<void> RegistryLedger::check_new(const JobId& id) const {
  if (is_staged(id) || table_.find(id) != nullptr) {
    return tl::unexpected(
        ServiceError{ServiceErrorCode::duplicate_job, "Job " + id.to_string() + " exists."});
  }
  if (buried_.contains(id)) {
    return tl::unexpected(ServiceError{ServiceErrorCode::unavailable,
                                       "The upload took too long to become a job; send it again."});
  }
  return {};
}

ServiceError RegistryLedger::key_reused(const Job& earlier) {
  const auto made =
      earlier.batch ? "batch " + earlier.batch->to_string() : "job " + earlier.id.to_string();
  return {ServiceErrorCode::key_reused,
          "This idempotency key came with another upload before, which made " + made +
              "; take a new key for a new upload."};
}

void RegistryLedger::enter(Job& job, Now now) {
  if (const auto key = persistence::idempotency_key(&job))
    staged_keys_.insert_or_assign(*key, job.id);
  if (!job.public_name.empty()) staged_names_.insert_or_assign(scoped_name(job), job.id);
  job.revision = next_revision(now.wall);
  const jobs::SharedJob created{job};
  place(job.id, created);
  stage(std::nullopt, created);
  touch_batch(job, now.wall);
}

RegistryLedger::Result<void> RegistryLedger::settle_public_name(Job& job) const {
  if (job.public_name.empty()) return {};
  const auto wanted = job.public_name;
  for (const auto& suffix : {std::string{}, short_name(job.id), long_name(job.id)}) {
    job.public_name = with_suffix(wanted, suffix);
    const auto name = scoped_name(job);
    if (staged_names_.contains(name) || committing_names_.contains(name)) continue;
    const auto taken =
        store_->find({.tenant = job.tenant, .public_name = job.public_name}, std::nullopt, 1);
    if (!taken) return tl::unexpected(to_service_error(taken.error()));
    if (taken->jobs.empty() && taken->damaged.empty()) return {};
  }
  return {};  // The last one has all of the job's id.
}

RegistryLedger::Result<std::optional<Job>> RegistryLedger::job_of_key(const std::string& tenant,
                                                                      const std::string& key,
                                                                      Now now) {
  std::optional<Job> job;
  const auto scoped = persistence::idempotency_key(tenant, key);
  const auto* keys = staged_keys_.contains(scoped) ? &staged_keys_ : &committing_keys_;
  if (const auto staged = keys->find(scoped); staged != keys->end()) {
    if (auto found = get(staged->second)) job = std::move(*found);
  } else {
    auto found = store_->with_idempotency_key(tenant, key);
    if (!found) return tl::unexpected(to_service_error(found.error()));
    // What is staged has gone further than what is stored.
    if (*found) {
      if (auto current = get((*found)->id)) job = std::move(*current);
    }
  }
  if (!job || job->expires_at > now.wall) return job;
  // It is gone for its client, and with it goes its key. What is to be sent of it still is.
  take_out(*job, now);
  return std::nullopt;
}

RegistryLedger::Result<std::optional<Job>> RegistryLedger::results_for(const Job& wish,
                                                                       Now now) const {
  auto found = store_->with_results_for(wish);
  if (!found) return tl::unexpected(to_service_error(found.error()));
  if (*found && (*found)->expires_at <= now.wall) return std::nullopt;
  return std::move(*found);
}

RegistryLedger::Result<Job> RegistryLedger::get(const JobId& id) const {
  for (const auto* changes : {&staged_, &committing_}) {
    const auto found = changes->find(id);
    if (found == changes->end()) continue;
    if (!found->second.after) return tl::unexpected(no_such_job(id));
    return *found->second.after;
  }
  if (const auto* job = table_.find(id)) return *job;
  auto stored = store_->get(id);
  if (!stored) return tl::unexpected(to_service_error(stored.error()));
  if (!*stored) return tl::unexpected(no_such_job(id));
  return std::move(**stored);
}

RegistryLedger::Result<Job> RegistryLedger::get(const JobId& id, jobs::Timestamp now) const {
  auto job = get(id);
  if (job && job->expires_at <= now) return tl::unexpected(no_such_job(id));
  return job;
}

RegistryLedger::Result<Job> RegistryLedger::durable(const JobId& id, jobs::Timestamp now) const {
  for (const auto* changes : {&committing_, &staged_}) {
    const auto found = changes->find(id);
    if (found == changes->end()) continue;
    const auto& job = found->second.before;
    if (!job || job->expires_at <= now) return tl::unexpected(no_such_job(id));
    return *job;
  }
  return get(id, now);
}

RegistryLedger::Result<Job> RegistryLedger::remove(const JobId& id, Now now) {
  auto job = get(id);
  if (!job) return job;
  if (auto withdrawn = withdraw({id}); !withdrawn) return tl::unexpected(withdrawn.error());
  take_out(*job, now);
  return job;
}

void RegistryLedger::take_out(const Job& job, Now now) {
  settle(job.id, std::nullopt, now);
  if (job.lease) took_away(job.lease->worker, job);
  stage(job, std::nullopt);
  touch_batch(job, now.wall);
}

RegistryLedger::Result<void> RegistryLedger::check_room(std::size_t more) const {
  if (table_.size() + more <= options_.queue_limit) return {};
  if (table_.size() < options_.queue_limit) {
    return tl::unexpected(
        ServiceError{ServiceErrorCode::queue_full,
                     "The queue holds " + std::to_string(table_.size()) + " unfinished jobs, of " +
                         std::to_string(options_.queue_limit) + " at most, and has no room for " +
                         std::to_string(more) + " more; try again later."});
  }
  return tl::unexpected(ServiceError{ServiceErrorCode::queue_full,
                                     "The queue holds " + std::to_string(table_.size()) +
                                         " unfinished jobs, which is its limit; try again later."});
}

RegistryLedger::Result<Job> RegistryLedger::cancel(const JobId& id, Now now) {
  auto job = get(id, now.wall);
  if (!job || job->status == jobs::JobStatus::cancelled) return job;
  if (is_final(job->status)) {
    return tl::unexpected(wrong_state(*job, "only a job that is not finished can be cancelled."));
  }
  const auto cancelled = change(id, now, [&](Job& j) { return jobs::cancel(j, now.wall); });
  if (!cancelled) return tl::unexpected(cancelled.error());
  if (job->lease) took_away(job->lease->worker, *job);
  return job;
}

RegistryLedger::Result<Job> RegistryLedger::retry(const JobId& id, Now now) {
  auto job = get(id, now.wall);
  if (!job) return job;
  return send_again(std::move(*job), now);
}

RegistryLedger::Result<RetriedJobs> RegistryLedger::retry_failed(const JobId& after,
                                                                 std::size_t limit, Now now) {
  auto failed = store_->failed(after, std::min(limit, options_.batch_limit));
  if (!failed) return tl::unexpected(to_service_error(failed.error()));
  RetriedJobs retried;
  for (const auto& stored : failed->jobs) {
    // What is staged has something else done with it in this very batch.
    if (!is_staged(stored.id) && stored.expires_at > now.wall) {
      const auto again = send_again(stored, now);
      if (!again && retried.sent == 0) return tl::unexpected(again.error());
      if (!again) break;
      ++retried.sent;
    }
    retried.last = stored.id;
  }
  return retried;
}

RegistryLedger::Result<Job> RegistryLedger::send_again(Job job, Now now) {
  Job before = job;
  if (!jobs::send_again(job, now.wall)) {
    return tl::unexpected(
        wrong_state(job, "only a job that has failed or was cancelled can be sent again."));
  }
  if (auto room = check_room(); !room) return tl::unexpected(room.error());
  put(std::move(before), job, now);
  return job;
}

RegistryLedger::Result<bool> RegistryLedger::is_needed(const JobId& id,
                                                       const std::string& key) const {
  // What becomes of it is not sure yet.
  if (is_staged(id)) return true;
  const auto job = get(id);
  if (job) return jobs::needs_blob(*job, key);
  if (job.error().code == ServiceErrorCode::damaged) return true;
  if (job.error().code == ServiceErrorCode::unknown_job) return false;
  return tl::unexpected(job.error());
}

RegistryLedger::Result<std::vector<std::string>> RegistryLedger::orphans(
    const std::vector<std::string>& keys, Now now) {
  std::erase_if(buried_, [&](const auto& entry) { return entry.second <= now.steady; });
  std::vector<std::string> found;
  for (const auto& key : keys) {
    const auto id = jobs::job_of_blob(key);
    if (!id) continue;
    const auto needed = is_needed(*id, key);
    if (!needed) return tl::unexpected(needed.error());
    if (*needed) continue;
    buried_.insert_or_assign(*id, now.steady + burial);
    found.push_back(key);
  }
  return found;
}

}  // namespace darkroom::actors
