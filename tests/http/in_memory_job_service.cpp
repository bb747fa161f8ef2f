#include "tests/http/in_memory_job_service.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "jobs/delivery_retry.hpp"

namespace darkroom::http {
namespace {

std::optional<jobs::JobId> before(const jobs::JobId& after) {
  return after == jobs::JobId{} ? std::nullopt : std::optional{after};
}

}  // namespace

using actors::ServiceError;
using actors::ServiceErrorCode;

tl::expected<void, ServiceError> InMemoryJobService::admit(std::string_view preset) {
  const std::scoped_lock lock{mutex_};
  if (auto known = check_preset(preset); !known) return known;
  return check_room();
}

tl::expected<void, ServiceError> InMemoryJobService::admit() {
  const std::scoped_lock lock{mutex_};
  return check_room();
}

tl::expected<void, ServiceError> InMemoryJobService::check_preset(std::string_view preset) const {
  if (failure_) return tl::unexpected{*failure_};
  if (presets_.contains(preset)) return {};
  return tl::unexpected{ServiceError{ServiceErrorCode::unknown_preset,
                                     "There is no such preset; there are default and small."}};
}

tl::expected<void, ServiceError> InMemoryJobService::check_room() const {
  if (failure_) return tl::unexpected{*failure_};
  if (full_) return tl::unexpected{ServiceError{ServiceErrorCode::queue_full, "Many jobs wait."}};
  return {};
}

tl::expected<std::optional<jobs::Job>, ServiceError> InMemoryJobService::find_results(
    actors::NewJob job) {
  const auto wish = job_of(job);
  const std::scoped_lock lock{mutex_};
  for (const auto& [id, donor] : jobs_) {
    jobs::Job copy = wish;
    if (donor.tenant != wish.tenant) continue;
    if (donor.reusable && jobs::adopt_results(copy, donor, jobs::system_now())) return donor;
  }
  return std::nullopt;
}

tl::expected<actors::CreatedJob, ServiceError> InMemoryJobService::create_completed(
    actors::NewJob job, const jobs::Job& donor) {
  {
    const std::scoped_lock lock{mutex_};
    if (take_over_failure_) return tl::unexpected{*take_over_failure_};
  }
  auto created = create(std::move(job));
  if (!created || created->replayed) return created;
  const std::scoped_lock lock{mutex_};
  if (!jobs::adopt_results(created->job, donor, jobs::system_now())) {
    jobs_.erase(created->job.id);
    return tl::unexpected{ServiceError{ServiceErrorCode::wrong_state, "They do not fit."}};
  }
  jobs_[created->job.id] = created->job;
  note_change(created->job.id);
  return created;
}

tl::expected<jobs::Job, ServiceError> InMemoryJobService::change(
    const jobs::JobId& id, jobs::Transition (*transition)(jobs::Job&, jobs::Timestamp)) {
  auto job = get(id);
  if (!job) return job;
  if (!transition(*job, jobs::system_now())) {
    return tl::unexpected{ServiceError{ServiceErrorCode::wrong_state, "The job is what it is."}};
  }
  const std::scoped_lock lock{mutex_};
  jobs_[id] = *job;
  note_change(id);
  return jobs_[id];
}

tl::expected<jobs::Job, ServiceError> InMemoryJobService::cancel(const jobs::JobId& id) {
  const auto job = get(id);
  if (job && job->status == jobs::JobStatus::cancelled) return job;
  return change(id, jobs::cancel);
}

tl::expected<jobs::Job, ServiceError> InMemoryJobService::retry(const jobs::JobId& id) {
  return change(id, jobs::send_again);
}

tl::expected<actors::RetriedJobs, ServiceError> InMemoryJobService::retry_failed(
    const jobs::JobId& after, std::uint32_t limit) {
  std::vector<jobs::JobId> failed;
  {
    const std::scoped_lock lock{mutex_};
    if (failure_) return tl::unexpected{*failure_};
    for (auto job = jobs_.upper_bound(after); job != jobs_.end() && failed.size() < limit; ++job) {
      if (job->second.status == jobs::JobStatus::failed) failed.push_back(job->first);
    }
  }
  actors::RetriedJobs retried;
  for (const auto& id : failed) {
    if (const auto sent = retry(id); !sent) return tl::unexpected{sent.error()};
    ++retried.sent;
    retried.last = id;
  }
  return retried;
}

tl::expected<actors::JobPage, ServiceError> InMemoryJobService::find(
    const actors::JobQuery& query) {
  const std::scoped_lock lock{mutex_};
  if (failure_) return tl::unexpected{*failure_};
  actors::JobPage page;
  auto next = query.before ? jobs_.lower_bound(*query.before) : jobs_.end();
  while (next != jobs_.begin()) {
    const auto& job = (--next)->second;
    if (!persistence::matches(query.filter, job)) continue;
    if (page.jobs.size() == query.limit) {
      page.next = page.jobs.back().id;
      break;
    }
    page.jobs.push_back(job);
  }
  return page;
}

tl::expected<actors::BulkDone, ServiceError> InMemoryJobService::retry_where(
    const persistence::JobFilter& filter, const jobs::JobId& after, std::uint32_t limit) {
  auto page = find({.filter = filter, .before = before(after), .limit = limit});
  if (!page) return tl::unexpected{page.error()};
  actors::BulkDone bulk{.done = 0, .last = page->next};
  for (const auto& job : page->jobs) {
    if (retry(job.id)) ++bulk.done;
  }
  return bulk;
}

tl::expected<actors::BulkRemoved, ServiceError> InMemoryJobService::remove_where(
    const persistence::JobFilter& filter, const jobs::JobId& after, std::uint32_t limit) {
  auto page = find({.filter = filter, .before = before(after), .limit = limit});
  if (!page) return tl::unexpected{page.error()};
  for (const auto& job : page->jobs)
    (void)remove(job.id);
  return actors::BulkRemoved{.jobs = std::move(page->jobs), .next = page->next};
}

tl::expected<std::vector<jobs::Delivery>, ServiceError> InMemoryJobService::deliveries(
    const jobs::JobId& subject) {
  const std::scoped_lock lock{mutex_};
  if (failure_) return tl::unexpected{*failure_};
  std::vector<jobs::Delivery> found;
  for (const auto& [id, delivery] : deliveries_) {
    if (delivery.subject == subject) found.insert(found.begin(), delivery);
  }
  return found;
}

tl::expected<jobs::Delivery, ServiceError> InMemoryJobService::replay(const jobs::JobId& subject,
                                                                      const jobs::JobId& delivery) {
  const std::scoped_lock lock{mutex_};
  if (failure_) return tl::unexpected{*failure_};
  const auto found = deliveries_.find(delivery);
  if (found == deliveries_.end() || found->second.subject != subject) {
    return tl::unexpected{actors::no_such_delivery(delivery)};
  }
  jobs::replay(found->second, jobs::system_now());
  return found->second;
}

void InMemoryJobService::add_delivery(const jobs::Delivery& delivery) {
  const std::scoped_lock lock{mutex_};
  deliveries_.insert_or_assign(delivery.id, delivery);
}

tl::expected<actors::JanitorReport, ServiceError> InMemoryJobService::sweep(
    std::chrono::milliseconds /*timeout*/) {
  const std::scoped_lock lock{mutex_};
  if (failure_) return tl::unexpected{*failure_};
  return actors::JanitorReport{.expired_jobs = 1, .removed_blobs = 4, .errors = 0};
}

tl::expected<actors::CreatedJob, ServiceError> InMemoryJobService::create(actors::NewJob job) {
  const std::scoped_lock lock{mutex_};
  if (job.renditions.empty()) {
    if (auto known = check_preset(job.preset); !known) return tl::unexpected{known.error()};
  }
  if (create_failure_) return tl::unexpected{*create_failure_};
  if (job.idempotency) {
    for (const auto& [id, earlier] : jobs_) {
      if (!earlier.idempotency || earlier.idempotency->key != job.idempotency->key) continue;
      if (earlier.tenant != job.tenant) continue;
      if (earlier.idempotency == job.idempotency) return actors::CreatedJob{earlier, true};
      return tl::unexpected{ServiceError{ServiceErrorCode::key_reused, "It made another job."}};
    }
  }
  if (auto room = check_room(); !room) return tl::unexpected{room.error()};
  last_upload_ = job;
  jobs_[job.id] = job_of(job);
  note_change(job.id);
  return actors::CreatedJob{jobs_[job.id], false};
}

std::vector<jobs::Job> InMemoryJobService::jobs_of(const jobs::JobId& batch) const {
  std::vector<jobs::Job> found;
  for (const auto& [id, job] : jobs_) {
    if (job.batch == batch) found.push_back(job);
  }
  return found;
}

tl::expected<actors::CreatedBatch, ServiceError> InMemoryJobService::create_batch(
    actors::NewBatch batch) {
  {
    const std::scoped_lock lock{mutex_};
    const auto& named = batch.jobs.front().idempotency;
    for (const auto& [id, earlier] : jobs_) {
      if (!named || earlier.tenant != batch.tenant || earlier.idempotency != named) continue;
      return actors::CreatedBatch{batches_.at(*earlier.batch), jobs_of(*earlier.batch), true};
    }
  }
  jobs::Batch made{.id = batch.id,
                   .tenant = batch.tenant,
                   .created_at = jobs::system_now(),
                   .total = static_cast<std::uint32_t>(batch.jobs.size()),
                   .metadata = batch.metadata,
                   .callback_url = batch.callback_url};
  actors::CreatedBatch created;
  for (auto& wanted : batch.jobs) {
    wanted.batch = batch.id;
    auto job = create(std::move(wanted));
    if (!job) return tl::unexpected{job.error()};
    made.expires_at = std::max(made.expires_at, job->job.expires_at);
    created.jobs.push_back(std::move(job->job));
  }
  const std::scoped_lock lock{mutex_};
  created.batch = batches_[batch.id] = std::move(made);
  return created;
}

tl::expected<actors::BatchState, ServiceError> InMemoryJobService::batch(const jobs::JobId& id) {
  const std::scoped_lock lock{mutex_};
  if (failure_) return tl::unexpected{*failure_};
  if (damaged_.contains(id)) return tl::unexpected{ServiceError{ServiceErrorCode::damaged, "no"}};
  const auto found = batches_.find(id);
  if (found == batches_.end()) return tl::unexpected{actors::no_such_batch(id)};
  const auto jobs = jobs_of(id);
  const bool ended =
      std::ranges::all_of(jobs, [](const auto& job) { return is_final(job.status); });
  if (ended && !found->second.completed_at) found->second.completed_at = jobs::system_now();
  return actors::state_of(found->second, jobs);
}

jobs::Job InMemoryJobService::job_of(const actors::NewJob& upload) {
  auto preset = jobs::default_preset();
  preset.name = upload.preset;
  if (!upload.renditions.empty()) preset.renditions = upload.renditions;
  return jobs::make_job(upload.id, preset, upload.original, jobs::system_now(),
                        upload.expires_in.value_or(std::chrono::hours{24}),
                        {.queue = upload.queue,
                         .idempotency = upload.idempotency,
                         .reusable = upload.reusable,
                         .priority = upload.priority,
                         .tenant = upload.tenant,
                         .batch = upload.batch,
                         .metadata = upload.metadata,
                         .callback_url = upload.callback_url,
                         .email = upload.email,
                         .public_name = upload.public_name,
                         .source_url = upload.source_url,
                         .request_id = upload.request_id,
                         .trace_parent = upload.trace_parent,
                         .not_before = upload.not_before});
}

tl::expected<jobs::Job, ServiceError> InMemoryJobService::get(const jobs::JobId& id) {
  const std::scoped_lock lock{mutex_};
  if (throw_from_get_) throw std::runtime_error{"a secret of the inside"};
  if (failure_) return tl::unexpected{*failure_};
  if (damaged_.contains(id)) return tl::unexpected{ServiceError{ServiceErrorCode::damaged, "no"}};
  const auto found = jobs_.find(id);
  if (found == jobs_.end()) {
    return tl::unexpected{ServiceError{
        ServiceErrorCode::unknown_job,
        "There is no job " + id.to_string() + "; it may have expired or been deleted."}};
  }
  return found->second;
}

tl::expected<jobs::Job, ServiceError> InMemoryJobService::remove(const jobs::JobId& id) {
  auto job = get(id);
  const std::scoped_lock lock{mutex_};
  if (job && jobs_.erase(id) > 0) note_change(id);
  return job;
}

tl::expected<actors::KeyTable, ServiceError> InMemoryJobService::api_keys(std::uint64_t known) {
  const std::scoped_lock lock{mutex_};
  ++key_questions_;
  if (keys_fail_) return tl::unexpected{ServiceError{ServiceErrorCode::unavailable, "It is away."}};
  const auto version = persistence::version_of_api_keys(persistence::encode_api_keys(keys_));
  return actors::KeyTable{version, version == known ? persistence::ApiKeys{} : keys_};
}

tl::expected<actors::KeyTable, ServiceError> InMemoryJobService::put_api_keys(
    actors::KeyTable wanted) {
  {
    const std::scoped_lock lock{mutex_};
    const auto version = persistence::version_of_api_keys(persistence::encode_api_keys(keys_));
    if (version != wanted.version) {
      return tl::unexpected{ServiceError{ServiceErrorCode::wrong_state, "There are others."}};
    }
    keys_ = std::move(wanted.keys);
  }
  return api_keys(0);
}

void InMemoryJobService::fail_keys(bool fails) {
  const std::scoped_lock lock{mutex_};
  keys_fail_ = fails;
}

std::string InMemoryJobService::make_key(persistence::KeyScope scope, const std::string& tenant) {
  const std::scoped_lock lock{mutex_};
  auto made = persistence::make_api_key("a key", scope, tenant, jobs::system_now());
  keys_.push_back(std::move(made.stored));
  return made.secret;
}

void InMemoryJobService::revoke_keys() {
  const std::scoped_lock lock{mutex_};
  for (auto& key : keys_)
    key.revoked_at = jobs::system_now();
}

void InMemoryJobService::set_tenant(const jobs::JobId& id, const std::string& tenant) {
  const std::scoped_lock lock{mutex_};
  jobs_.at(id).tenant = tenant;
}

int InMemoryJobService::key_questions() const {
  const std::scoped_lock lock{mutex_};
  return key_questions_;
}

tl::expected<actors::ServiceStatus, ServiceError> InMemoryJobService::status() {
  const std::scoped_lock lock{mutex_};
  if (failure_) return tl::unexpected{*failure_};
  return status_;
}

void InMemoryJobService::fail_all(ServiceErrorCode code, const std::string& message) {
  const std::scoped_lock lock{mutex_};
  failure_ = ServiceError{code, message};
}

void InMemoryJobService::fill_queue() {
  const std::scoped_lock lock{mutex_};
  full_ = true;
}

void InMemoryJobService::fail_create(ServiceErrorCode code, const std::string& message) {
  const std::scoped_lock lock{mutex_};
  create_failure_ = ServiceError{code, message};
}

void InMemoryJobService::fail_take_over(ServiceErrorCode code) {
  const std::scoped_lock lock{mutex_};
  take_over_failure_ = ServiceError{code, "No."};
}

void InMemoryJobService::throw_from_get() {
  const std::scoped_lock lock{mutex_};
  throw_from_get_ = true;
}

void InMemoryJobService::start_attempt(const jobs::JobId& id) {
  const std::scoped_lock lock{mutex_};
  (void)jobs::start_attempt(jobs_.at(id), {jobs::LeaseToken::generate(), {"anna", 1}},
                            jobs::system_now());
  note_change(id);
}

void InMemoryJobService::complete(const jobs::JobId& id,
                                  const std::vector<jobs::RenditionResult>& results) {
  start_attempt(id);
  const std::scoped_lock lock{mutex_};
  auto& job = jobs_.at(id);
  const auto token = job.lease.value().token;
  for (const auto& result : results)
    (void)jobs::finish_rendition(job, token, result, jobs::system_now());
  (void)jobs::complete(job, token, jobs::system_now());
  note_change(id);
}

void InMemoryJobService::fail(const jobs::JobId& id) {
  start_attempt(id);
  const std::scoped_lock lock{mutex_};
  auto& job = jobs_.at(id);
  (void)jobs::fail_attempt(job, job.lease.value().token,
                           {jobs::ErrorKind::permanent, "Corrupted image file."}, {}, 0,
                           jobs::system_now());
  note_change(id);
}

void InMemoryJobService::make_rendition(const jobs::JobId& id,
                                        const jobs::RenditionResult& result) {
  const std::scoped_lock lock{mutex_};
  auto& job = jobs_.at(id);
  (void)jobs::finish_rendition(job, job.lease.value().token, result, jobs::system_now());
  note_change(id);
}

void InMemoryJobService::note_change(const jobs::JobId& id) {
  persistence::JobChange change{.before = told_[id], .after = {}, .revision = ++revision_};
  if (const auto job = jobs_.find(id); job != jobs_.end()) {
    job->second.revision = revision_;
    change.after = job->second;
  }
  told_[id] = change.after;
  if (auto event = actors::event_of(change)) {
    if (withholds_) {
      withheld_.push_back(std::move(*event));
    } else {
      events_.add({std::move(*event)});
    }
  }
  changed_.notify_all();
}

void InMemoryJobService::withhold_events() {
  const std::scoped_lock lock{mutex_};
  withholds_ = true;
}

void InMemoryJobService::release_events() {
  const std::scoped_lock lock{mutex_};
  withholds_ = false;
  for (auto& event : std::exchange(withheld_, {}))
    events_.add({std::move(event)});
  changed_.notify_all();
}

void InMemoryJobService::damage(const jobs::JobId& id) {
  const std::scoped_lock lock{mutex_};
  damaged_.insert(id);
}

void InMemoryJobService::forget_events() {
  const std::scoped_lock lock{mutex_};
  revision_ += 1'000;
  events_ = actors::EventLog{1'000, revision_};
}

tl::expected<actors::JobEvents, ServiceError> InMemoryJobService::changes(
    const actors::EventQuery& query) {
  std::unique_lock lock{mutex_};
  changed_.wait_for(lock, std::chrono::milliseconds{query.hold_ms},
                    [&] { return failure_ || !events_.behind(query).events.empty(); });
  if (failure_) return tl::unexpected{*failure_};
  return events_.behind(query);
}

tl::expected<actors::JobEvents, ServiceError> InMemoryJobService::ended(
    const actors::EventQuery& query) {
  const std::scoped_lock lock{mutex_};
  if (failure_) return tl::unexpected{*failure_};
  actors::JobEvents found{.events = {}, .since = query.since, .upto = 0};
  for (const auto& [id, job] : jobs_) {
    if (is_final(job.status) && job.revision > query.since)
      found.events.push_back(actors::event_of_end(job));
  }
  std::ranges::sort(found.events, {}, &actors::JobEvent::revision);
  found.upto = actors::EventQuery::now;
  if (found.events.size() > query.limit) {
    found.events.resize(query.limit);
    found.upto = found.events.back().revision;
  }
  return found;
}

void InMemoryJobService::set_status(actors::ServiceStatus status) {
  const std::scoped_lock lock{mutex_};
  status_ = std::move(status);
}

actors::NewJob InMemoryJobService::last_upload() const {
  const std::scoped_lock lock{mutex_};
  return last_upload_;
}

std::size_t InMemoryJobService::size() const {
  const std::scoped_lock lock{mutex_};
  return jobs_.size();
}

tl::expected<void, ServiceError> InMemoryJobService::set_paused(const std::string& queue,
                                                                bool paused) {
  const std::scoped_lock lock{mutex_};
  if (failure_) return tl::unexpected{*failure_};
  for (auto& known : status_.queues) {
    if (known.name != queue) continue;
    known.paused = paused;
    return {};
  }
  return tl::unexpected{
      ServiceError{ServiceErrorCode::unknown_queue, "There is no queue \"" + queue + "\"."}};
}

tl::expected<actors::WorkerList, ServiceError> InMemoryJobService::workers() {
  const std::scoped_lock lock{mutex_};
  if (failure_) return tl::unexpected{*failure_};
  return workers_;
}

tl::expected<actors::WorkerList, ServiceError> InMemoryJobService::set_drained(
    const std::string& name, bool drained) {
  const std::scoped_lock lock{mutex_};
  if (failure_) return tl::unexpected{*failure_};
  actors::WorkerList changed;
  for (auto& worker : workers_.workers) {
    if (worker.name != name && worker.node != name) continue;
    worker.drained = drained;
    changed.workers.push_back(worker);
  }
  if (!changed.workers.empty()) return changed;
  return tl::unexpected{
      ServiceError{ServiceErrorCode::unknown_worker, "No \"" + name + "\" is here."}};
}

void InMemoryJobService::set_workers(actors::WorkerList workers) {
  const std::scoped_lock lock{mutex_};
  workers_ = std::move(workers);
}

}  // namespace darkroom::http
