#include "tests/http/in_memory_job_service.hpp"

#include <chrono>
#include <stdexcept>
#include <utility>

namespace darkroom::http {

using actors::ServiceError;
using actors::ServiceErrorCode;

tl::expected<void, ServiceError> InMemoryJobService::admit(std::string_view preset) {
  const std::scoped_lock lock{mutex_};
  if (failure_) return tl::unexpected{*failure_};
  if (presets_.contains(preset)) return {};
  return tl::unexpected{ServiceError{ServiceErrorCode::unknown_preset,
                                     "There is no such preset; there are default and small."}};
}

tl::expected<void, ServiceError> InMemoryJobService::admit() {
  const std::scoped_lock lock{mutex_};
  if (failure_) return tl::unexpected{*failure_};
  return {};
}

tl::expected<std::optional<jobs::Job>, ServiceError> InMemoryJobService::find_results(
    actors::NewJob /*job*/) {
  return std::nullopt;
}

tl::expected<actors::CreatedJob, ServiceError> InMemoryJobService::create_completed(
    actors::NewJob job, const jobs::Job& donor) {
  auto created = create(std::move(job));
  const std::scoped_lock lock{mutex_};
  if (created && jobs::adopt_results(jobs_[created->job.id], donor, jobs::system_now())) {
    created->job = jobs_[created->job.id];
  }
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
  return job;
}

tl::expected<jobs::Job, ServiceError> InMemoryJobService::cancel(const jobs::JobId& id) {
  return change(id, jobs::cancel);
}

tl::expected<jobs::Job, ServiceError> InMemoryJobService::retry(const jobs::JobId& id) {
  return change(id, jobs::send_again);
}

tl::expected<std::uint32_t, ServiceError> InMemoryJobService::retry_failed(std::uint32_t limit) {
  std::vector<jobs::JobId> failed;
  {
    const std::scoped_lock lock{mutex_};
    for (const auto& [id, job] : jobs_) {
      if (job.status == jobs::JobStatus::failed && failed.size() < limit) failed.push_back(id);
    }
  }
  for (const auto& id : failed) {
    if (const auto sent = retry(id); !sent) return tl::unexpected{sent.error()};
  }
  return static_cast<std::uint32_t>(failed.size());
}

tl::expected<actors::JanitorReport, ServiceError> InMemoryJobService::sweep(
    std::chrono::milliseconds /*timeout*/) {
  const std::scoped_lock lock{mutex_};
  if (failure_) return tl::unexpected{*failure_};
  return actors::JanitorReport{.expired_jobs = 1, .removed_blobs = 4, .errors = 0};
}

tl::expected<actors::CreatedJob, ServiceError> InMemoryJobService::create(actors::NewJob job) {
  const auto admitted = job.renditions.empty() ? admit(job.preset) : admit();
  if (!admitted) return tl::unexpected{admitted.error()};
  const std::scoped_lock lock{mutex_};
  if (create_failure_) return tl::unexpected{*create_failure_};
  last_upload_ = job;
  jobs::Job created;
  created.id = job.id;
  created.preset = job.preset;
  created.original = std::move(job.original);
  created.created_at = jobs::system_now();
  created.updated_at = created.created_at;
  created.expires_at = created.created_at + std::chrono::hours{24};
  const auto specs =
      job.renditions.empty() ? jobs::default_preset().renditions : std::move(job.renditions);
  for (const auto& spec : specs) {
    created.renditions.emplace_back().spec = spec;
  }
  jobs_[job.id] = created;
  return actors::CreatedJob{std::move(created), false};
}

tl::expected<jobs::Job, ServiceError> InMemoryJobService::get(const jobs::JobId& id) {
  const std::scoped_lock lock{mutex_};
  if (throw_from_get_) throw std::runtime_error{"a secret of the inside"};
  if (failure_) return tl::unexpected{*failure_};
  const auto found = jobs_.find(id);
  if (found == jobs_.end()) {
    return tl::unexpected{ServiceError{ServiceErrorCode::unknown_job, "There is no such job."}};
  }
  return found->second;
}

tl::expected<jobs::Job, ServiceError> InMemoryJobService::remove(const jobs::JobId& id) {
  auto job = get(id);
  const std::scoped_lock lock{mutex_};
  if (job) jobs_.erase(id);
  return job;
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

void InMemoryJobService::fail_create(ServiceErrorCode code, const std::string& message) {
  const std::scoped_lock lock{mutex_};
  create_failure_ = ServiceError{code, message};
}

void InMemoryJobService::throw_from_get() {
  const std::scoped_lock lock{mutex_};
  throw_from_get_ = true;
}

void InMemoryJobService::start_attempt(const jobs::JobId& id) {
  const std::scoped_lock lock{mutex_};
  (void)jobs::start_attempt(jobs_.at(id), {jobs::LeaseToken::generate(), {"anna", 1}},
                            jobs::system_now());
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

}  // namespace darkroom::http
