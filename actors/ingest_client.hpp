#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <caf/actor_system.hpp>

#include "actors/job_service.hpp"
#include "actors/messages.hpp"
#include "actors/recent_admissions.hpp"

namespace darkroom::actors {

/// The job service for threads that are no actors: each call is one request to the ingest actor.
/// Thread-safe.
class IngestClient final : public JobService {
 public:
  /// `system` must outlive this object. A call that gets no answer within `timeout` ends as
  /// `unavailable`.
  /// `supervision` is what status() says of the node's own children; it may be null. `now` is asked
  /// on any thread.
  IngestClient(caf::actor_system& system, std::chrono::milliseconds timeout,
               std::shared_ptr<const SupervisionRecord> supervision = {},
               std::function<RecentAdmissions::Time()> now = std::chrono::steady_clock::now)
      : system_(system),
        timeout_(timeout),
        supervision_(std::move(supervision)),
        now_(std::move(now)) {}

  /// The ingest actor was started, or started again. Until the first call everything is
  /// `unavailable`. Call with an invalid handle before the actor system ends.
  void use(IngestActor ingest);

  [[nodiscard]] tl::expected<void, ServiceError> admit(std::string_view preset) override;
  [[nodiscard]] tl::expected<void, ServiceError> admit() override;
  [[nodiscard]] tl::expected<CreatedJob, ServiceError> create(NewJob job) override;
  [[nodiscard]] tl::expected<std::optional<jobs::Job>, ServiceError> find_results(
      NewJob job) override;
  [[nodiscard]] tl::expected<CreatedJob, ServiceError> create_completed(
      NewJob job, const jobs::Job& donor) override;
  [[nodiscard]] tl::expected<CreatedBatch, ServiceError> create_batch(NewBatch batch) override;
  [[nodiscard]] tl::expected<BatchState, ServiceError> batch(const jobs::JobId& id) override;
  [[nodiscard]] tl::expected<jobs::Job, ServiceError> get(const jobs::JobId& id) override;
  [[nodiscard]] tl::expected<jobs::Job, ServiceError> remove(const jobs::JobId& id) override;
  [[nodiscard]] tl::expected<jobs::Job, ServiceError> cancel(const jobs::JobId& id) override;
  [[nodiscard]] tl::expected<jobs::Job, ServiceError> retry(const jobs::JobId& id) override;
  [[nodiscard]] tl::expected<RetriedJobs, ServiceError> retry_failed(const jobs::JobId& after,
                                                                     std::uint32_t limit) override;
  [[nodiscard]] tl::expected<JobEvents, ServiceError> changes(const EventQuery& query) override;
  [[nodiscard]] tl::expected<JobEvents, ServiceError> ended(const EventQuery& query) override;
  [[nodiscard]] tl::expected<JobPage, ServiceError> find(const JobQuery& query) override;
  [[nodiscard]] tl::expected<BulkDone, ServiceError> retry_where(
      const persistence::JobFilter& filter, const jobs::JobId& after, std::uint32_t limit) override;
  [[nodiscard]] tl::expected<BulkRemoved, ServiceError> remove_where(
      const persistence::JobFilter& filter, const jobs::JobId& after, std::uint32_t limit) override;
  [[nodiscard]] tl::expected<std::vector<jobs::Delivery>, ServiceError> deliveries(
      const jobs::JobId& subject) override;
  [[nodiscard]] tl::expected<jobs::Delivery, ServiceError> replay(
      const jobs::JobId& subject, const jobs::JobId& delivery) override;
  [[nodiscard]] tl::expected<JanitorReport, ServiceError> sweep(
      std::chrono::milliseconds timeout) override;
  [[nodiscard]] tl::expected<ServiceStatus, ServiceError> status() override;
  [[nodiscard]] tl::expected<KeyTable, ServiceError> api_keys(std::uint64_t known) override;
  [[nodiscard]] tl::expected<KeyTable, ServiceError> put_api_keys(KeyTable wanted) override;
  [[nodiscard]] tl::expected<void, ServiceError> set_paused(const std::string& queue,
                                                            bool paused) override;
  [[nodiscard]] tl::expected<WorkerList, ServiceError> workers() override;
  [[nodiscard]] tl::expected<WorkerList, ServiceError> set_drained(const std::string& name,
                                                                   bool drained) override;

  /// A signed URL for a node that does not reach the files itself.
  [[nodiscard]] tl::expected<std::string, ServiceError> sign(BlobGrantRequest wanted);

 private:
  template <class... Preset>
  [[nodiscard]] tl::expected<void, ServiceError> admit_recently(
      std::optional<std::string_view> remembered_as, Preset... preset);
  /// What came of making a job, after which the next upload is asked for if it was refused.
  template <class Created>
  [[nodiscard]] tl::expected<Created, ServiceError> heeded(
      tl::expected<Created, ServiceError> outcome);
  template <class Reply, class... Args>
  [[nodiscard]] tl::expected<Reply, ServiceError> request(Args... args);
  template <class Reply, class... Args>
  [[nodiscard]] tl::expected<Reply, ServiceError> request_within(std::chrono::milliseconds timeout,
                                                                 Args... args);

  caf::actor_system& system_;
  std::chrono::milliseconds timeout_;
  std::shared_ptr<const SupervisionRecord> supervision_;
  std::function<RecentAdmissions::Time()> now_;
  std::mutex mutex_;
  IngestActor ingest_;  ///< Guarded by mutex_.
  RecentAdmissions admissions_;
};

}  // namespace darkroom::actors
