#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "actors/event_log.hpp"
#include "actors/job_service.hpp"
#include "jobs/shared_job.hpp"
#include "jobs/transitions.hpp"

namespace darkroom::http {

/// The job service of the HTTP tests: a map, and switches that make it refuse.
class InMemoryJobService : public actors::JobService {
 public:
  tl::expected<void, actors::ServiceError> admit(std::string_view preset) override;
  tl::expected<void, actors::ServiceError> admit() override;
  tl::expected<actors::CreatedJob, actors::ServiceError> create(actors::NewJob job) override;
  tl::expected<actors::CreatedBatch, actors::ServiceError> create_batch(
      actors::NewBatch batch) override;
  tl::expected<actors::BatchState, actors::ServiceError> batch(const jobs::JobId& id) override;
  tl::expected<std::optional<jobs::Job>, actors::ServiceError> find_results(
      actors::NewJob job) override;
  tl::expected<actors::CreatedJob, actors::ServiceError> create_completed(
      actors::NewJob job, const jobs::Job& donor) override;
  tl::expected<jobs::Job, actors::ServiceError> cancel(const jobs::JobId& id) override;
  tl::expected<jobs::Job, actors::ServiceError> retry(const jobs::JobId& id) override;
  tl::expected<actors::RetriedJobs, actors::ServiceError> retry_failed(
      const jobs::JobId& after, std::uint32_t limit) override;
  tl::expected<actors::JobEvents, actors::ServiceError> changes(
      const actors::EventQuery& query) override;
  tl::expected<actors::JobEvents, actors::ServiceError> ended(
      const actors::EventQuery& query) override;
  tl::expected<actors::JobPage, actors::ServiceError> find(const actors::JobQuery& query) override;
  tl::expected<actors::BulkDone, actors::ServiceError> retry_where(
      const persistence::JobFilter& filter, const jobs::JobId& after, std::uint32_t limit) override;
  tl::expected<actors::BulkRemoved, actors::ServiceError> remove_where(
      const persistence::JobFilter& filter, const jobs::JobId& after, std::uint32_t limit) override;
  tl::expected<std::vector<jobs::Delivery>, actors::ServiceError> deliveries(
      const jobs::JobId& subject) override;
  tl::expected<jobs::Delivery, actors::ServiceError> replay(const jobs::JobId& subject,
                                                            const jobs::JobId& delivery) override;
  tl::expected<actors::JanitorReport, actors::ServiceError> sweep(
      std::chrono::milliseconds timeout) override;
  tl::expected<jobs::Job, actors::ServiceError> get(const jobs::JobId& id) override;
  tl::expected<jobs::Job, actors::ServiceError> remove(const jobs::JobId& id) override;
  tl::expected<actors::ServiceStatus, actors::ServiceError> status() override;
  tl::expected<actors::KeyTable, actors::ServiceError> api_keys(std::uint64_t known) override;
  tl::expected<actors::KeyTable, actors::ServiceError> put_api_keys(
      actors::KeyTable wanted) override;
  tl::expected<void, actors::ServiceError> set_paused(const std::string& queue,
                                                      bool paused) override;
  tl::expected<actors::WorkerList, actors::ServiceError> workers() override;
  tl::expected<actors::WorkerList, actors::ServiceError> set_drained(const std::string& name,
                                                                     bool drained) override;

  /// From now on every call answers with this error.
  void fail_all(actors::ServiceErrorCode code, const std::string& message);
  /// From now on the record of this job, or batch, cannot be read.
  void damage(const jobs::JobId& id);
  /// From now on no new job is taken.
  void fill_queue();
  /// From now on create() does, while admit() lets uploads through.
  void fail_create(actors::ServiceErrorCode code, const std::string& message);
  /// From now on create_completed() does.
  void fail_take_over(actors::ServiceErrorCode code);
  /// Those that are behind now are not remembered any more, as after a restart of the registry.
  void forget_events();
  /// From now on what happens is not told, while jobs and batches show it: the store is ahead.
  void withhold_events();
  /// Tells what was withheld.
  void release_events();
  /// A worker has made one rendition of a job that it has begun.
  void make_rendition(const jobs::JobId& id, const jobs::RenditionResult& result);
  /// From now on api_keys() fails, or it does no more.
  void fail_keys(bool fails);
  /// Makes an API key, and returns it.
  std::string make_key(persistence::KeyScope scope, const std::string& tenant = "");
  /// From now on none of the keys is good.
  void revoke_keys();
  void set_tenant(const jobs::JobId& id, const std::string& tenant);
  /// There is one more message about its subject.
  void add_delivery(const jobs::Delivery& delivery);
  /// The number of questions for the keys so far.
  [[nodiscard]] int key_questions() const;
  /// From now on get() throws: a bug in the service.
  void throw_from_get();
  /// A worker begins with the job.
  void start_attempt(const jobs::JobId& id);
  /// A worker makes all that is wanted.
  void complete(const jobs::JobId& id, const std::vector<jobs::RenditionResult>& results);
  /// A worker finds the file to be no good.
  void fail(const jobs::JobId& id);
  void set_status(actors::ServiceStatus status);
  void set_workers(actors::WorkerList workers);

  /// The last upload that became a job, as it came in.
  [[nodiscard]] actors::NewJob last_upload() const;

  [[nodiscard]] std::size_t size() const;

 private:
  [[nodiscard]] static jobs::Job job_of(const actors::NewJob& upload);
  // With mutex_ held.
  [[nodiscard]] tl::expected<void, actors::ServiceError> check_preset(
      std::string_view preset) const;
  [[nodiscard]] tl::expected<void, actors::ServiceError> check_room() const;
  tl::expected<jobs::Job, actors::ServiceError> change(
      const jobs::JobId& id, jobs::Transition (*transition)(jobs::Job&, jobs::Timestamp));

  [[nodiscard]] std::vector<jobs::Job> jobs_of(const jobs::JobId& batch) const;
  /// The job has changed: gives it a revision, and tells those who watch.
  void note_change(const jobs::JobId& id);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<jobs::JobId, jobs::SharedJob> told_;  ///< As the latest events had them.
  std::uint64_t revision_ = 1'000;
  actors::EventLog events_{1'000, 1'000};
  bool withholds_ = false;
  std::vector<actors::JobEvent> withheld_;
  std::map<jobs::JobId, jobs::Job> jobs_;
  std::map<jobs::JobId, jobs::Batch> batches_;
  std::map<jobs::JobId, jobs::Delivery> deliveries_;
  std::set<std::string, std::less<>> presets_{"default", "small"};
  std::optional<actors::ServiceError> failure_;
  std::set<jobs::JobId> damaged_;
  bool full_ = false;
  std::optional<actors::ServiceError> create_failure_;
  std::optional<actors::ServiceError> take_over_failure_;
  actors::ServiceStatus status_{
      .store_writable = true, .workers = 1, .slots = 2, .pending = 3, .processing = 4};
  actors::WorkerList workers_;
  actors::NewJob last_upload_;
  bool throw_from_get_ = false;
  persistence::ApiKeys keys_;
  bool keys_fail_ = false;
  int key_questions_ = 0;
};

}  // namespace darkroom::http
