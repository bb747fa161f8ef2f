#include "actors/ingest_client.hpp"

#include <string>
#include <utility>

#include <caf/scoped_actor.hpp>

#include "actors/service_error.hpp"

namespace darkroom::actors {
namespace {

/// Whether the next upload would be refused for the same reason, whatever it is.
bool is_about_all(ServiceErrorCode code) {
  return code == ServiceErrorCode::queue_full || code == ServiceErrorCode::unavailable ||
         code == ServiceErrorCode::store_failed || code == ServiceErrorCode::store_full;
}

}  // namespace

void IngestClient::use(IngestActor ingest) {
  {
    const std::scoped_lock lock{mutex_};
    ingest_ = std::move(ingest);
  }
  admissions_.forget();
}

template <class Reply, class... Args>
tl::expected<Reply, ServiceError> IngestClient::request(Args... args) {
  return request_within<Reply>(timeout_, std::move(args)...);
}

template <class Reply, class... Args>
tl::expected<Reply, ServiceError> IngestClient::request_within(std::chrono::milliseconds timeout,
                                                               Args... args) {
  IngestActor ingest;
  {
    const std::scoped_lock lock{mutex_};
    ingest = ingest_;
  }
  tl::expected<Reply, ServiceError> outcome = tl::unexpected(
      ServiceError{ServiceErrorCode::unavailable, "The job service is not running."});
  if (!ingest) return outcome;
  // An actor for this request alone costs about a microsecond, and no thread shares it.
  caf::scoped_actor self{system_};
  self->request(ingest, timeout, std::move(args)...)
      .receive([&](Reply& reply) { outcome = std::move(reply); },
               [&](const caf::error& error) { outcome = tl::unexpected(to_service_error(error)); });
  return outcome;
}

template <class... Preset>
tl::expected<void, ServiceError> IngestClient::admit_recently(
    std::optional<std::string_view> remembered_as, Preset... preset) {
  const auto now = now_();
  if (admissions_.holds(remembered_as, now)) return {};
  const auto question = admissions_.ask(now);
  auto outcome = request<atom::done>(atom::admit_v, std::move(preset)...);
  if (!outcome) return tl::unexpected(outcome.error());
  admissions_.admit(remembered_as, question);
  return {};
}

template <class Created>
tl::expected<Created, ServiceError> IngestClient::heeded(
    tl::expected<Created, ServiceError> outcome) {
  if (!outcome && is_about_all(outcome.error().code)) admissions_.forget();
  return outcome;
}

tl::expected<void, ServiceError> IngestClient::admit(std::string_view preset) {
  return admit_recently(preset, std::string{preset});
}

tl::expected<void, ServiceError> IngestClient::admit() {
  return admit_recently(std::nullopt);
}

tl::expected<CreatedJob, ServiceError> IngestClient::create(NewJob job) {
  return heeded(request<CreatedJob>(atom::create_v, std::move(job)));
}

tl::expected<std::optional<jobs::Job>, ServiceError> IngestClient::find_results(NewJob job) {
  auto found = request<JobList>(atom::results_v, std::move(job));
  if (!found) return tl::unexpected(std::move(found.error()));
  if (found->jobs.empty()) return std::nullopt;
  return std::move(found->jobs.front());
}

tl::expected<CreatedJob, ServiceError> IngestClient::create_completed(NewJob job,
                                                                      const jobs::Job& donor) {
  return heeded(request<CreatedJob>(atom::create_v, std::move(job), donor));
}

tl::expected<CreatedBatch, ServiceError> IngestClient::create_batch(NewBatch batch) {
  return heeded(request<CreatedBatch>(atom::create_v, std::move(batch)));
}

tl::expected<BatchState, ServiceError> IngestClient::batch(const jobs::JobId& id) {
  return request<BatchState>(atom::batch_v, id);
}

tl::expected<jobs::Job, ServiceError> IngestClient::get(const jobs::JobId& id) {
  return request<jobs::Job>(atom::get_v, id);
}

tl::expected<jobs::Job, ServiceError> IngestClient::remove(const jobs::JobId& id) {
  return request<jobs::Job>(atom::remove_v, id);
}

tl::expected<jobs::Job, ServiceError> IngestClient::cancel(const jobs::JobId& id) {
  return request<jobs::Job>(atom::cancel_v, id);
}

tl::expected<jobs::Job, ServiceError> IngestClient::retry(const jobs::JobId& id) {
  return request<jobs::Job>(atom::retry_v, id);
}

tl::expected<RetriedJobs, ServiceError> IngestClient::retry_failed(const jobs::JobId& after,
                                                                   std::uint32_t limit) {
  return request<RetriedJobs>(atom::retry_v, after, limit);
}

tl::expected<JobEvents, ServiceError> IngestClient::changes(const EventQuery& query) {
  return request_within<JobEvents>(timeout_ + std::chrono::milliseconds{query.hold_ms},
                                   atom::changes_v, query);
}

tl::expected<JobEvents, ServiceError> IngestClient::ended(const EventQuery& query) {
  return request<JobEvents>(atom::ended_v, query);
}

tl::expected<JobPage, ServiceError> IngestClient::find(const JobQuery& query) {
  return request<JobPage>(atom::list_v, query);
}

tl::expected<BulkDone, ServiceError> IngestClient::retry_where(const persistence::JobFilter& filter,
                                                               const jobs::JobId& after,
                                                               std::uint32_t limit) {
  return request<BulkDone>(atom::retry_v, filter, after, limit);
}

tl::expected<BulkRemoved, ServiceError> IngestClient::remove_where(
    const persistence::JobFilter& filter, const jobs::JobId& after, std::uint32_t limit) {
  return request<BulkRemoved>(atom::remove_v, filter, after, limit);
}

tl::expected<std::vector<jobs::Delivery>, ServiceError> IngestClient::deliveries(
    const jobs::JobId& subject) {
  auto found = request<DeliveryList>(atom::deliveries_v, subject);
  if (!found) return tl::unexpected(std::move(found.error()));
  return std::move(found->deliveries);
}

tl::expected<jobs::Delivery, ServiceError> IngestClient::replay(const jobs::JobId& subject,
                                                                const jobs::JobId& delivery) {
  auto sent = request<DeliveryList>(atom::replay_v, subject, delivery);
  if (!sent) return tl::unexpected(std::move(sent.error()));
  if (sent->deliveries.empty()) return tl::unexpected(no_such_delivery(delivery));
  return std::move(sent->deliveries.front());
}

tl::expected<JanitorReport, ServiceError> IngestClient::sweep(std::chrono::milliseconds timeout) {
  return request_within<JanitorReport>(timeout, atom::sweep_v);
}

tl::expected<std::string, ServiceError> IngestClient::sign(BlobGrantRequest wanted) {
  return request<std::string>(atom::sign_v, std::move(wanted));
}

tl::expected<ServiceStatus, ServiceError> IngestClient::status() {
  auto status = request<ServiceStatus>(atom::status_v);
  if (status && supervision_) {
    status->children = supervision_->children(std::chrono::steady_clock::now());
  }
  return status;
}

tl::expected<void, ServiceError> IngestClient::set_paused(const std::string& queue, bool paused) {
  auto outcome = request<atom::done>(atom::pause_v, queue, paused);
  if (!outcome) return tl::unexpected(outcome.error());
  return {};
}

tl::expected<KeyTable, ServiceError> IngestClient::api_keys(std::uint64_t known) {
  return request<KeyTable>(atom::api_keys_v, known);
}

tl::expected<KeyTable, ServiceError> IngestClient::put_api_keys(KeyTable wanted) {
  return request<KeyTable>(atom::api_keys_v, std::move(wanted));
}

tl::expected<WorkerList, ServiceError> IngestClient::workers() {
  return request<WorkerList>(atom::workers_v);
}

tl::expected<WorkerList, ServiceError> IngestClient::set_drained(const std::string& name,
                                                                 bool drained) {
  return request<WorkerList>(atom::drain_v, name, drained);
}

}  // namespace darkroom::actors
