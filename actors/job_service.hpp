#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "actors/batch_state.hpp"
#include "actors/job_counts.hpp"
#include "actors/job_event.hpp"
#include "actors/job_query.hpp"
#include "actors/supervision_record.hpp"
#include "imaging/probe.hpp"
#include "jobs/delivery.hpp"
#include "jobs/job.hpp"
#include "persistence/api_keys.hpp"

namespace darkroom::actors {

/// Why a request to the service was not done. The values travel between nodes: append only.
enum class ServiceErrorCode : std::uint8_t {
  unknown_job = 1,   ///< No job of that id.
  unknown_preset,    ///< No preset of that name; the message lists those there are.
  queue_full,        ///< Too many unfinished jobs; try again later.
  store_full,        ///< The disk is full; nothing was acknowledged.
  store_failed,      ///< The store cannot be written or read.
  unavailable,       ///< A part of the service is restarting or did not answer in time.
  stale_lease,       ///< A report under a lease that is not the job's current one.
  unknown_worker,    ///< A worker that has not joined, or was taken for dead: join again.
  duplicate_job,     ///< A job of that id exists.
  damaged,           ///< The job's record cannot be read.
  duplicate_worker,  ///< A worker of that name is there, and alive.
  bad_report,        ///< A report that does not fit the job.
  too_much_memory,   ///< The job would take more memory than one may have.
  wrong_state,       ///< What is asked for cannot be done with a job in its state.
  key_reused,        ///< Another upload came with the same idempotency key before.
  unknown_queue,     ///< No queue of that name; the message lists those there are.
  bad_worker,        ///< A worker that says of itself what cannot be.
  out_of_reach,      ///< A worker that does not reach the files, where none are given out.
  bad_request,       ///< What is asked for makes no sense.
  unknown_batch,     ///< No batch of that id.
  batch_too_large,   ///< More jobs than the queue, or one message, takes.
  unknown_delivery,  ///< No delivery of that id about that job or batch.
  no_callbacks,      ///< A callback is asked for, and the service cannot sign any.
};

struct ServiceError {
  ServiceErrorCode code = ServiceErrorCode::unavailable;
  std::string message;

  friend bool operator==(const ServiceError&, const ServiceError&) = default;
};

/// What is said of a job that is not there.
[[nodiscard]] ServiceError no_such_job(const jobs::JobId& id);

/// The same of a batch.
[[nodiscard]] ServiceError no_such_batch(const jobs::JobId& id);

/// What is said of a delivery that is not there.
[[nodiscard]] ServiceError no_such_delivery(const jobs::JobId& id);

/// A job ends as often as it is sent again, and each end is told to two at most.
inline constexpr std::size_t most_deliveries_listed = 100;

/// An upload that is safe on disk and wants a job.
struct NewJob {
  jobs::JobId id;
  std::string preset;  ///< Empty where the upload has renditions of its own.
  jobs::Original original;
  /// Those that the upload itself asks for, checked; empty where a preset says them.
  std::vector<jobs::RenditionSpec> renditions = {};
  /// What the original's header says: decides the format "auto", and how much memory is needed.
  imaging::ImageInfo info = {};
  std::string queue = "default";
  std::optional<std::chrono::milliseconds> expires_in = {};  ///< None: as configured.
  std::optional<jobs::Idempotency> idempotency = {};
  bool reusable = false;  ///< As in jobs::Job.
  jobs::Priority priority = jobs::Priority::normal;
  /// The rest as in jobs::Job.
  std::string tenant = {};
  std::optional<jobs::JobId> batch = {};
  std::string metadata = {};
  std::string callback_url = {};
  std::string email = {};
  std::string public_name = {};
  std::string source_url = {};
  std::string request_id = {};
  std::string trace_parent = {};
  std::optional<jobs::Timestamp> not_before = {};
};

/// What came of an upload.
struct CreatedJob {
  jobs::Job job;
  /// The same upload came before with the same idempotency key: this is the job it made, and
  /// nothing refers to the file that came with it now.
  bool replayed = false;
};

/// Uploads that came together, each safe on disk, and want a batch of jobs.
struct NewBatch {
  jobs::JobId id;
  std::vector<NewJob> jobs;  ///< From 1 to most_batch_jobs, all of `tenant`.
  /// The rest as in jobs::Batch.
  std::string tenant = {};
  std::string metadata = {};
  std::string callback_url = {};
};

/// What came of them.
struct CreatedBatch {
  jobs::Batch batch;
  std::vector<jobs::Job> jobs;  ///< In the order of the uploads; those that are there still.
  bool replayed = false;        ///< As in CreatedJob.
};

/// What came of sending failed jobs again.
struct RetriedJobs {
  std::uint32_t sent = 0;
  /// The last one looked at, behind which to go on; none where there are no more.
  std::optional<jobs::JobId> last = {};
};

/// What one sweep of the janitor did.
struct JanitorReport {
  std::uint64_t expired_jobs = 0;
  std::uint64_t removed_blobs = 0;
  std::uint64_t orphaned_blobs = 0;
  std::uint64_t stale_temporaries = 0;
  std::uint64_t expired_records = 0;  ///< Batches and deliveries.
  std::uint64_t errors = 0;
};

/// The API keys that there are.
struct KeyTable {
  std::uint64_t version = 0;  ///< persistence::version_of_api_keys(); 0 for none that is known.
  persistence::ApiKeys keys = {};
};

/// How a queue stands.
struct QueueStatus {
  std::string name;
  std::uint32_t weight = 1;
  bool paused = false;
  std::uint64_t ready = 0;     ///< Jobs that wait and may run now, those of a paused queue too.
  std::uint64_t to_fetch = 0;  ///< Of these, the ones whose pictures have to be fetched first.
  std::uint64_t later = 0;     ///< Jobs that wait for their next attempt.
  std::uint64_t processing = 0;
  /// Since when the job waits that is ready longest; none where none is.
  std::optional<jobs::Timestamp> oldest_ready = {};
  std::uint64_t workers = 0;   ///< That take its jobs and are not drained.
  std::uint64_t slots = 0;     ///< Of those workers; they may take jobs of other queues as well.
  std::uint64_t fetchers = 0;  ///< Of those workers, the ones that fetch pictures.
  /// How many slots would have all its jobs running now: those that run, and unless it is paused
  /// those that are ready. Fetches take no slots, and count together for one where nothing else
  /// wants any: somebody has to be there for them. Without a bound: who scales by it has one.
  std::uint64_t wanted_slots = 0;
};

enum class WorkerActivity : std::uint8_t {
  working,
  idle,
  draining,  ///< It gets no more jobs: an operator drains it, or it is about to stop.
  ailing,    ///< Its machine kept it from doing its latest job; it tries again by and by.
  silent,    ///< Nothing was heard from it for so long that it may be lost.
};

[[nodiscard]] std::string_view to_string(WorkerActivity state);

/// How a worker stands that has joined.
struct WorkerStatus {
  std::string name;
  std::string node;     ///< That it is part of; its own name where it is a node of its own.
  std::string version;  ///< Of its program; empty where it has not said so.
  WorkerActivity state = WorkerActivity::idle;
  bool drained = false;  ///< By an operator.
  std::uint32_t slots = 0;
  std::uint32_t busy = 0;           ///< Jobs at work in its process.
  std::vector<std::string> queues;  ///< Whose jobs it takes; none: all.
  jobs::Timestamp joined_at;
  std::uint64_t silent_ms = 0;  ///< Since it was last heard from.
  std::string ailment = {};     ///< What is wrong with its machine; empty where nothing is known.
};

struct WorkerList {
  std::vector<WorkerStatus> workers;  ///< By name.
  /// Names of workers and nodes that operators drain, those among them that are not here.
  std::vector<std::string> drained;
};

/// What /readyz and operators ask for.
struct ServiceStatus {
  bool store_writable = false;
  std::size_t workers = 0;  ///< Worker processes that have joined.
  std::size_t slots = 0;    ///< Jobs they can run at once.
  std::size_t pending = 0;  ///< Jobs that wait: pending and retrying.
  std::size_t processing = 0;
  std::size_t alone = 0;  ///< Of those that wait, the ones that must run alone.
  /// Since when the job waits that may run and has waited longest; none where no job does.
  std::optional<jobs::Timestamp> oldest_ready = {};
  JobCounts counts = {};
  jobs::Timestamp counting_since = {};   ///< When the registry began.
  std::uint64_t actor_restarts = 0;      ///< Of actors within the workers.
  std::vector<QueueStatus> queues = {};  ///< By name.
  /// Nodes that run no worker while there is no work, and start some for jobs of a queue there is.
  std::size_t resting_nodes = 0;
  std::size_t open_batches = 0;        ///< With jobs that have not ended.
  std::size_t pending_deliveries = 0;  ///< Those that wait for another try too.
  /// When the oldest of these was made, to ten seconds; none where there is none.
  std::optional<jobs::Timestamp> oldest_delivery = {};
  /// What the node itself keeps running: registry, ingest, janitor and the worker processes.
  std::vector<SupervisionRecord::Child> children = {};
};

/// The job service as the HTTP side sees it: blocking calls with a finite timeout, made from any
/// number of threads at once. Nothing of the actor system shows.
class JobService {
 public:
  virtual ~JobService() = default;

  /// Asked before an upload is read: would a job with this preset be taken now?
  [[nodiscard]] virtual tl::expected<void, ServiceError> admit(std::string_view preset) = 0;

  /// The same for an upload with renditions of its own.
  [[nodiscard]] virtual tl::expected<void, ServiceError> admit() = 0;

  /// Creates the job; it is durable when this returns. With an idempotency key that has made a job
  /// before: that job, if the fingerprint is the same too, else key_reused.
  [[nodiscard]] virtual tl::expected<CreatedJob, ServiceError> create(NewJob job) = 0;

  /// A completed job whose results may be taken for `job`: the same file and renditions, both
  /// `reusable`. None where there is none.
  [[nodiscard]] virtual tl::expected<std::optional<jobs::Job>, ServiceError> find_results(
      NewJob job) = 0;

  /// Creates the job as one that is completed already: its renditions, which are durable as blobs
  /// of its own, are copies of those of `donor`.
  [[nodiscard]] virtual tl::expected<CreatedJob, ServiceError> create_completed(
      NewJob job, const jobs::Job& donor) = 0;

  /// Creates the batch with all its jobs, or nothing; they are durable when this returns. An
  /// idempotency key is that of the first job, with a fingerprint over all of them, and counts as
  /// in create(). An error of one of the files begins with which it is.
  [[nodiscard]] virtual tl::expected<CreatedBatch, ServiceError> create_batch(NewBatch batch) = 0;

  /// How the batch stands. Error: unknown_batch.
  [[nodiscard]] virtual tl::expected<BatchState, ServiceError> batch(const jobs::JobId& id) = 0;

  [[nodiscard]] virtual tl::expected<jobs::Job, ServiceError> get(const jobs::JobId& id) = 0;

  /// Removes the record durably, whatever its state, and returns it as it was; then its blobs may
  /// be removed.
  [[nodiscard]] virtual tl::expected<jobs::Job, ServiceError> remove(const jobs::JobId& id) = 0;

  /// Stops a job that is not finished, durably; one that is cancelled already stays so. Error:
  /// wrong_state.
  [[nodiscard]] virtual tl::expected<jobs::Job, ServiceError> cancel(const jobs::JobId& id) = 0;

  /// Sends a failed or cancelled job again, durably, with all its budgets. Error: wrong_state.
  [[nodiscard]] virtual tl::expected<jobs::Job, ServiceError> retry(const jobs::JobId& id) = 0;

  /// The same for failed jobs in the order of their ids, from the one behind `after` (the nil id:
  /// from the first), up to `limit` of them and not more than one batch. Going on behind the last
  /// looks at each job once, also where some fail again at once. Those that have expired are left
  /// alone.
  [[nodiscard]] virtual tl::expected<RetriedJobs, ServiceError> retry_failed(
      const jobs::JobId& after, std::uint32_t limit) = 0;

  /// What has happened to jobs behind a revision. Waits for the next event as long as the query
  /// says, where there is none.
  [[nodiscard]] virtual tl::expected<JobEvents, ServiceError> changes(const EventQuery& query) = 0;

  /// The jobs that have ended behind a revision, as events of their ends by revision, as they are
  /// now. Of any age, if they are there still. `upto` is EventQuery::now where those are all.
  [[nodiscard]] virtual tl::expected<JobEvents, ServiceError> ended(const EventQuery& query) = 0;

  /// Jobs as the query wants them, the newest first.
  [[nodiscard]] virtual tl::expected<JobPage, ServiceError> find(const JobQuery& query) = 0;

  /// Sends those jobs again, durably, that have failed or were cancelled, among the next ones of
  /// the filter: `limit` at most and not more than one batch, the newest first from the one before
  /// `after` (the nil id: from the newest). Going on behind the last looks at each job once. Error:
  /// queue_full, where not even one was sent.
  [[nodiscard]] virtual tl::expected<BulkDone, ServiceError> retry_where(
      const persistence::JobFilter& filter, const jobs::JobId& after, std::uint32_t limit) = 0;

  /// Removes the records of the next jobs of the filter durably, whatever their state, and returns
  /// them as they were; then their blobs may be removed. As many as retry_where(), and not more
  /// than one message holds.
  [[nodiscard]] virtual tl::expected<BulkRemoved, ServiceError> remove_where(
      const persistence::JobFilter& filter, const jobs::JobId& after, std::uint32_t limit) = 0;

  /// The messages about the end of a job or a batch, the newest first, without their bodies; as
  /// many as most_deliveries_listed.
  [[nodiscard]] virtual tl::expected<std::vector<jobs::Delivery>, ServiceError> deliveries(
      const jobs::JobId& subject) = 0;

  /// Sends one of them again, durably, whatever became of it before; returns it as it is then.
  /// Error: unknown_delivery, also for one about something else.
  [[nodiscard]] virtual tl::expected<jobs::Delivery, ServiceError> replay(
      const jobs::JobId& subject, const jobs::JobId& delivery) = 0;

  /// Has the janitor sweep now, and waits for it within `timeout`.
  [[nodiscard]] virtual tl::expected<JanitorReport, ServiceError> sweep(
      std::chrono::milliseconds timeout) = 0;

  [[nodiscard]] virtual tl::expected<ServiceStatus, ServiceError> status() = 0;

  /// The API keys. Where they are still those of version `known`, the keys themselves are left out.
  [[nodiscard]] virtual tl::expected<KeyTable, ServiceError> api_keys(std::uint64_t known) = 0;

  // -- Of operators; what they decide is durable when these return --

  /// From then on no job of the queue is begun, or they are again; those that run go on. Error:
  /// unknown_queue.
  [[nodiscard]] virtual tl::expected<void, ServiceError> set_paused(const std::string& queue,
                                                                    bool paused) = 0;

  [[nodiscard]] virtual tl::expected<WorkerList, ServiceError> workers() = 0;

  /// From then on the worker of this name, or all workers of the node of this name, also those that
  /// join later, get no more jobs; or they do again. Answers with those that are here. Errors:
  /// unknown_worker, where none is; wrong_state for a worker whose whole node is drained.
  [[nodiscard]] virtual tl::expected<WorkerList, ServiceError> set_drained(const std::string& name,
                                                                           bool drained) = 0;

  /// Puts these keys in the place of those of `wanted.version`, and answers with what there is
  /// then. At the coordinator only. Errors: wrong_state, where there are others by now;
  /// bad_request, where they are more than most_api_keys, or come from another node.
  [[nodiscard]] virtual tl::expected<KeyTable, ServiceError> put_api_keys(KeyTable wanted) = 0;
};

}  // namespace darkroom::actors
