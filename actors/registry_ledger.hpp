#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "actors/job_counts.hpp"
#include "actors/job_query.hpp"
#include "actors/job_service.hpp"
#include "actors/messages.hpp"
#include "actors/options.hpp"
#include "jobs/delivery.hpp"
#include "jobs/job.hpp"
#include "jobs/job_table.hpp"
#include "jobs/lease_table.hpp"
#include "jobs/pending_deliveries.hpp"
#include "jobs/worker_roster.hpp"
#include "persistence/job_store.hpp"
#include "persistence/operator_state.hpp"

namespace darkroom::actors {

/// Both clocks at one moment: records carry the first, deadlines go by the second.
struct Now {
  jobs::Timestamp wall;
  jobs::SteadyTime steady;
};

/// The job registry without the actor: what it decides, given the time.
///
/// Changes gather in memory (`staged`) until begin_commit() takes them as one batch for the store;
/// whoever asked for them may be answered only once it is written. Meanwhile the next ones gather
/// on top of it. When a batch could not be written it is undone, and so is all that is staged then,
/// as if it had never been asked for. Not thread-safe. What clients ask for is in
/// registry_ledger_clients.cpp, registry_ledger_batches.cpp and registry_ledger_bulk.cpp, what
/// operators do in registry_ledger_operators.cpp, what workers and the clock cause in
/// registry_ledger_workers.cpp, what follows from their loss in registry_ledger_losses.cpp, the
/// outbox in registry_ledger_deliveries.cpp, tasks of workers in registry_ledger_tasks.cpp, the
/// rest in registry_ledger.cpp.
class RegistryLedger {
 public:
  /// A lease handed out; to be sent to its worker once it is committed.
  struct Assignment {
    jobs::WorkerId worker;
    Task task;
  };

  template <class T>
  using Result = tl::expected<T, ServiceError>;

  RegistryLedger(std::shared_ptr<persistence::JobStore> store, RegistryOptions options);

  /// Reads the unfinished jobs, and returns the records that it had to set aside. Leases found get
  /// a full lease time for their worker to show up, or are put back into the queue, which remains
  /// to be committed, where the options say that their processes are dead.
  [[nodiscard]] tl::expected<persistence::Damage, persistence::StoreError> load(Now now);

  // -- From clients --

  /// With an idempotency key that has made a job before: that job, as it is now, if the
  /// fingerprint is the same, else key_reused. A job may be completed when it is made.
  [[nodiscard]] Result<CreatedJob> create(jobs::Job job, Now now);
  /// Makes the batch with all of these jobs, or none of them; `total` and `expires_at` follow from
  /// them. An idempotency key is the first job's, and counts as in create().
  [[nodiscard]] Result<CreatedBatch> create_batch(jobs::Batch batch, std::vector<jobs::Job> jobs,
                                                  Now now);
  /// A job whose results may be taken for `wish`.
  [[nodiscard]] Result<std::optional<jobs::Job>> results_for(const jobs::Job& wish, Now now) const;
  [[nodiscard]] Result<jobs::Job> get(const jobs::JobId& id) const;
  /// The same for a client, for whom an expired job is gone, although its record may be there
  /// still.
  [[nodiscard]] Result<jobs::Job> get(const jobs::JobId& id, jobs::Timestamp now) const;
  /// The same, as the store has it: nothing that is staged shows.
  [[nodiscard]] Result<jobs::Job> durable(const jobs::JobId& id, jobs::Timestamp now) const;
  [[nodiscard]] Result<jobs::Job> remove(const jobs::JobId& id, Now now);
  /// Returns the job as it was before; one that is cancelled already stays as it is.
  [[nodiscard]] Result<jobs::Job> cancel(const jobs::JobId& id, Now now);
  /// Sends a failed or cancelled job again; returns it as it is then.
  [[nodiscard]] Result<jobs::Job> retry(const jobs::JobId& id, Now now);
  /// The same for up to `limit` failed jobs behind `after`, at most a batch and as long as there is
  /// room.
  [[nodiscard]] Result<RetriedJobs> retry_failed(const jobs::JobId& after, std::size_t limit,
                                                 Now now);
  /// The same for those among the next `limit` jobs of the filter that have failed or were
  /// cancelled, the newest first from the one before `after` (the nil id: from the newest).
  [[nodiscard]] Result<BulkDone> retry_where(persistence::JobFilter filter,
                                             const jobs::JobId& after, std::size_t limit, Now now);
  /// Removes the next `limit` jobs of the filter, at most as many as one message holds.
  [[nodiscard]] Result<BulkRemoved> remove_where(persistence::JobFilter filter,
                                                 const jobs::JobId& after, std::size_t limit,
                                                 Now now);
  /// Would so many more jobs be taken?
  [[nodiscard]] Result<void> check_room(std::size_t more = 1) const;
  /// How everything stands.
  [[nodiscard]] ServiceStatus status(Now now);

  // -- From operators. What they decide is in force once it is stored and adopted. --

  /// The decisions as they would be then. Error: unknown_queue.
  [[nodiscard]] Result<persistence::OperatorState> with_pause(const std::string& queue,
                                                              bool paused) const;
  /// The same. `name` is that of a worker or a node. Errors: unknown_worker where it is not here,
  /// but for one that is drained and to be so no more; wrong_state.
  [[nodiscard]] Result<persistence::OperatorState> with_drain(const std::string& name,
                                                              bool drained) const;
  [[nodiscard]] const persistence::OperatorState& decisions() const { return decisions_; }
  void adopt(persistence::OperatorState decisions);
  [[nodiscard]] WorkerList workers(jobs::SteadyTime now) const;
  /// Those of them that are of this name, or of the node of this name.
  [[nodiscard]] WorkerList workers_called(const std::string& name, jobs::SteadyTime now) const;

  /// Every queue that is configured, or has jobs; in order.
  [[nodiscard]] std::vector<std::string> queues() const;
  /// Those that are not paused and have jobs whose pictures are to be fetched, which no worker does
  /// that takes their jobs.
  [[nodiscard]] std::vector<std::string> queues_without_fetchers() const;
  /// Whether a node of this name whose workers take these queues (none: all) could get jobs: it is
  /// not drained, and there is such a queue.
  [[nodiscard]] bool would_feed(const std::string& node,
                                const std::vector<std::string>& queues) const;

  // -- From workers --

  /// Returns how many leases the worker keeps. Refuses it while another process of its name is
  /// here: duplicate_worker. A peer may say anything: bad_worker.
  [[nodiscard]] Result<std::size_t> join(const WorkerHello& hello, Now now);
  /// Why a worker is refused while another process of its name is here, in words.
  [[nodiscard]] ServiceError duplicate_worker(const std::string& name) const;
  [[nodiscard]] bool has_worker(const std::string& name) const { return roster_.contains(name); }
  /// The worker stops of its own will; what it holds is put back at no cost.
  void leave(const jobs::WorkerId& worker, Now now);
  /// The worker is told of the lease that was handed out.
  void note_sent(const Task& task, Now now) { leases_.note_sent(task.token, now.steady); }
  /// The task could not be sent; its job is put back at no cost.
  void not_sent(const Task& task, Now now);
  /// The worker's connection broke: it gets nothing more. What it holds stays its own until
  /// lose() says why.
  void strike_off(const jobs::WorkerId& worker);
  /// The worker died. A job that was alone in its process runs again, and counts as a crash.
  /// Several run again at no cost, each alone. So does one that it may never have begun with, once;
  /// one that it was not told of is put back.
  void lose(const jobs::WorkerId& worker, const std::string& reason, Now now);
  /// The same of one whose connection broke, and nobody told of its end. On another machine that
  /// may have been the network's doing, so that its job is charged only the second time.
  void lose_unexplained(const jobs::WorkerId& worker, const std::string& reason, Now now);
  /// True where another worker than the one of this name is here.
  [[nodiscard]] bool has_other_worker(const std::string& name) const {
    return roster_.size() > (roster_.contains(name) ? 1U : 0U);
  }
  [[nodiscard]] Result<HeartbeatReply> heartbeat(const Heartbeat& heartbeat, Now now);
  [[nodiscard]] Result<void> rendition(const RenditionReport& report, Now now);
  /// Takes the original that a worker has fetched, which ends its lease. One that was taken already
  /// is taken again, and changes nothing.
  [[nodiscard]] Result<void> take_original(const FetchedReport& report, Now now);
  /// A report that was taken already is taken again, and changes nothing.
  [[nodiscard]] Result<void> finish(const JobReport& report, Now now);
  /// A report was not taken.
  void note_refusal() { ++counts_.refused_reports; }
  /// Those of the keys of a job's files, as a worker reported them, that no record will ever refer
  /// to: the job is gone, has ended without them, or is in another attempt.
  [[nodiscard]] std::vector<std::string> unwanted(const jobs::JobId& id,
                                                  std::vector<std::string> keys) const;

  // -- From the clock and the janitor --

  /// Takes back the leases whose deadline has passed, and strikes off the workers that have been
  /// silent as long, which it returns: a frozen one must not be handed the same job again. It may
  /// join anew.
  std::vector<jobs::WorkerId> expire_leases(Now now);
  /// Up to `limit` expired jobs, at most a batch, that no worker holds, with the damaged records
  /// among them.
  [[nodiscard]] Result<persistence::FoundJobs> due_jobs(std::size_t limit, Now now) const;
  /// The same, and removes the jobs.
  [[nodiscard]] Result<persistence::FoundJobs> expire_jobs(std::size_t limit, Now now);
  /// Those of the keys of blobs that no job needs, nor ever will: a job of an id that was unknown
  /// here is not taken for some time. The blobs of a damaged record are needed.
  [[nodiscard]] Result<std::vector<std::string>> orphans(const std::vector<std::string>& keys,
                                                         Now now);

  /// Hands out leases while jobs wait and workers have credit, within the batch limit.
  [[nodiscard]] std::vector<Assignment> assign(Now now);

  /// True where assign() would hand out something.
  [[nodiscard]] bool can_assign(jobs::Timestamp now);

  /// What there is to do for the worker node that asks.
  [[nodiscard]] Demand demand(const DemandQuery& query, jobs::Timestamp now);

  /// How much waits to be written.
  [[nodiscard]] std::size_t staged() const { return staged_.size() + staged_records_.size(); }
  /// Whether batches have yet to follow their jobs, which the next commit has them do.
  [[nodiscard]] bool owes_batches() const { return !touched_batches_.empty(); }
  /// What is known of the job here is not durable yet.
  [[nodiscard]] bool is_staged(const jobs::JobId& id) const {
    return staged_.contains(id) || committing_.contains(id);
  }
  /// The lease is still what the job has: it may have been taken back since it was handed out.
  [[nodiscard]] bool is_current(const Task& task) const;
  [[nodiscard]] const RegistryOptions& options() const { return options_; }

  /// Notes what came of a write, of a batch or one that tries the store.
  void note_write(const tl::expected<void, persistence::StoreError>& written, Now now);
  [[nodiscard]] bool store_tried_since(jobs::SteadyTime moment) const {
    return store_tried_at_ && *store_tried_at_ > moment;
  }
  /// The highest revision that a change was given.
  [[nodiscard]] std::uint64_t last_revision() const { return last_revision_; }
  /// What the store said to the latest write; empty where it took it.
  [[nodiscard]] const std::string& store_error() const { return store_error_; }

  // -- Records beside jobs: written in the same step as what is staged with them --

  /// A batch or delivery as it will be once all that is staged is written, packed; nullopt where
  /// there is none.
  [[nodiscard]] Result<std::optional<std::string>> record(persistence::Record kind,
                                                          const jobs::JobId& id) const;
  /// Stages a change; its `before` is what record() says, which is none for a new id.
  void stage_record(persistence::RecordChange change);
  /// Stages the removal of up to `limit` expired records of each kind, but for batches with jobs
  /// that have not ended. Returns how many those are.
  [[nodiscard]] Result<std::uint32_t> expire_records(std::size_t limit, Now now);

  // -- The outbox: registry_ledger_deliveries.cpp --

  /// Whether such a callback_url may be asked for. Error: no_callbacks.
  [[nodiscard]] Result<void> check_callback(const std::string& url) const;
  /// Stages the deliveries of one event: to the callback_url, or where that is empty to the
  /// configured one; and by mail to `email`, or where that is empty as configured.
  /// @param subject  The job or batch that has ended.
  /// @param event    "job.completed", "job.failed" or "batch.completed"
  /// @param body     Packs the record of the job or batch, as it is then. Called only where
  /// somebody
  ///                 is to be told: it takes as long as all else that the ledger does for a job.
  void stage_deliveries(const jobs::JobId& subject, const std::string& tenant,
                        std::string_view event, const std::string& callback_url,
                        const std::function<std::string()>& body, jobs::Timestamp now,
                        const std::string& email = {});
  /// Has one sent again; returns it as it is then. Error: unknown_delivery.
  [[nodiscard]] Result<jobs::Delivery> replay(const jobs::JobId& subject,
                                              const jobs::JobId& delivery, Now now);
  /// One was tried. Nothing follows for one that is gone, nor from what was told before.
  [[nodiscard]] Result<void> note_try(const DeliveryOutcome& outcome, Now now);

  /// Takes what is staged, for the store to write. Where that is anything, end_commit() must follow
  /// before the next call. What follows from the changes of jobs goes along from here.
  [[nodiscard]] persistence::WriteSet begin_commit();
  /// What came of it. On error leases get a deadline from `now`.
  void end_commit(const tl::expected<void, persistence::StoreError>& written, Now now);

 private:
  using Change = std::function<jobs::Transition(jobs::Job&)>;
  using Changes = std::unordered_map<jobs::JobId, persistence::JobChange>;
  using Records = std::map<std::pair<persistence::Record, jobs::JobId>, persistence::RecordChange>;
  /// Scoped by tenant, as persistence::idempotency_key() does.
  using Keys = std::unordered_map<std::string, jobs::JobId>;

  /// What assign() would hand out next.
  struct Next {
    jobs::JobId job;
    jobs::WorkerId worker;
    std::shared_ptr<jobs::Subscription> turn = {};  ///< Whose turn it uses up; none: nobody's.
  };
  [[nodiscard]] std::optional<Next> next_assignment() const;
  [[nodiscard]] static std::optional<Next> next_of(const jobs::QueueOrder& order,
                                                   const jobs::WorkerRoster& roster,
                                                   const std::optional<jobs::WorkerId>& except);
  /// The worker is here no more.
  void forget(const jobs::WorkerId& worker);
  [[nodiscard]] bool is_drained(const std::string& name, const std::string& node) const;
  [[nodiscard]] std::vector<QueueStatus> queue_statuses() const;
  [[nodiscard]] const jobs::RetryPolicy& policy_of(const jobs::Job& job) const;
  /// The job that an upload with this key has made, and that is there still.
  [[nodiscard]] Result<std::optional<jobs::Job>> job_of_key(const std::string& tenant,
                                                            const std::string& key, Now now);
  /// That a job of this id may be made.
  [[nodiscard]] Result<void> check_new(const jobs::JobId& id) const;
  /// Stages a new job, with its keys and a revision.
  void enter(jobs::Job& job, Now now);
  [[nodiscard]] static ServiceError key_reused(const jobs::Job& earlier);
  /// The batch that an upload with this key has made, whose first job that is.
  [[nodiscard]] Result<CreatedBatch> repeat_batch(const jobs::Job& first,
                                                  const jobs::Idempotency& named);
  /// The jobs of a batch that are there, as they are now; those that one message holds.
  [[nodiscard]] Result<std::vector<jobs::Job>> jobs_of(const jobs::Batch& batch) const;
  [[nodiscard]] Result<std::optional<jobs::Batch>> batch_record(const jobs::JobId& id) const;
  /// Something has happened to the job that its batch, if any, may have to follow.
  void touch_batch(const jobs::Job& job, jobs::Timestamp at);
  /// Notes the batches that a process before this one could not complete although all of their jobs
  /// had ended: it could not read the record then.
  [[nodiscard]] tl::expected<void, persistence::StoreError> find_ended_batches(Now now);
  /// Has the batches follow their jobs: completes those whose last job has ended or gone, once.
  void stage_batches();
  /// What has happened to a batch since the last commit began.
  struct BatchTouch {
    jobs::Timestamp at;
    jobs::Timestamp expires_at;     ///< Not before that of any of its jobs.
    jobs::Timestamp found_at = {};  ///< If that was later: what is to be told is due from then on.
  };
  void complete(jobs::Batch& batch, const BatchTouch& touch);
  /// Stages the next attempts of a job in a final state.
  [[nodiscard]] Result<jobs::Job> send_again(jobs::Job job, Now now);
  /// Whether the job needs the blob, or a record that cannot be read might.
  [[nodiscard]] Result<bool> is_needed(const jobs::JobId& id, const std::string& key) const;
  /// Changes a job that is in the table, keeping indexes, leases and what is staged in step.
  [[nodiscard]] Result<void> change(const jobs::JobId& id, Now now, const Change& apply);
  [[nodiscard]] jobs::Transition apply(jobs::Job& job, const JobReport& report,
                                       jobs::Timestamp now);
  void stage(jobs::SharedJob before, jobs::SharedJob after);
  /// Makes a job what `job` says, with a new revision: in the table, and for the next commit.
  void put(jobs::SharedJob before, jobs::Job job, Now now);
  /// Above all that were given before, of earlier processes too, unless the clock says so.
  [[nodiscard]] std::uint64_t next_revision(jobs::Timestamp now);
  /// Has its public name be the only one of its tenant.
  [[nodiscard]] Result<void> settle_public_name(jobs::Job& job) const;
  /// Puts a job's place in the table, its lease and its worker's credit to what `job` says.
  void settle(const jobs::JobId& id, const jobs::SharedJob& job, Now now);
  /// The same for its place in the table alone.
  void place(const jobs::JobId& id, const jobs::SharedJob& job);
  /// Renews the leases that the worker says it holds, and notes what it says of its slots. Returns
  /// those that are not its own any more.
  std::vector<jobs::LeaseToken> renew(const Heartbeat& heartbeat, Now now);
  /// Why a lease ends without a report.
  enum class Loss : std::uint8_t {
    handed_back,  ///< By the worker itself, which stops.
    recovered,    ///< Something was lost, at no cost to the job.
    interrupted,
    crashed,
  };
  void take_back(const jobs::JobId& id, const std::string& reason, Loss loss, Now now);
  /// What a worker is to do for the job's lease.
  [[nodiscard]] static Task task_of(const jobs::Job& job);
  /// What was last known of a worker that is gone, or is about to be.
  struct Trace {
    bool crowded = false;    ///< Its process ran more than it held.
    bool elsewhere = false;  ///< It is part of a node other than the service's own.
    std::optional<jobs::SteadyTime> last_heard;
  };
  [[nodiscard]] Trace trace_of(const jobs::WorkerId& worker) const;
  enum class Death : std::uint8_t { known, unexplained, silence };
  void lose(const jobs::WorkerId& worker, const std::string& reason, Death death, Now now);
  /// The worker had surely begun with the job when it was lost.
  [[nodiscard]] bool had_begun(const jobs::JobId& id, const Trace& trace, Death death,
                               Now now) const;
  /// A lease was ended here, and its worker's process goes on with the job until it has heard.
  void took_away(const jobs::WorkerId& worker, const jobs::Job& job);
  /// Who does what is to be done next for the job.
  [[nodiscard]] jobs::WorkerRoster& roster_for(const jobs::Job& job) {
    return must_fetch(job) ? fetchers_ : roster_;
  }
  /// How each of the jobs that a lost worker held loses its lease.
  [[nodiscard]] std::vector<Loss> blame(const std::vector<jobs::JobId>& held, const Trace& trace,
                                        Death death, Now now) const;
  void undo(const Changes& changes, Now now);
  /// Stages the deliveries of all ends among the staged changes of jobs.
  void tell_of_ends();
  [[nodiscard]] Result<std::optional<jobs::Delivery>> delivery(const jobs::JobId& id) const;
  void put_delivery(const std::optional<jobs::Delivery>& before, const jobs::Delivery& after);
  /// Stages the removal of all deliveries about these: nothing more is to be said of them.
  [[nodiscard]] Result<void> withdraw(const std::set<jobs::JobId>& subjects);
  /// Counts what a committed change of a delivery has done.
  void note_delivery(const persistence::RecordChange& change);
  /// Stages the removal of a job.
  void take_out(const jobs::Job& job, Now now);

  std::shared_ptr<persistence::JobStore> store_;
  RegistryOptions options_;
  jobs::JobTable table_;
  jobs::LeaseTable leases_;
  jobs::WorkerRoster roster_;
  jobs::WorkerRoster fetchers_;  ///< The same workers: how many originals they fetch at once.
  persistence::OperatorState decisions_;
  std::map<jobs::WorkerId, Trace> struck_off_;  ///< And not lost yet.
  Changes staged_;
  Records staged_records_;
  Keys staged_keys_;   ///< Idempotency keys of new jobs.
  Keys staged_names_;  ///< Their public names.
  /// What was staged when the commit under way began.
  Changes committing_;
  Records committing_records_;
  Keys committing_keys_;
  Keys committing_names_;
  /// How many jobs of each batch are in the table. In step with it, so also when that is undone;
  /// a batch that is not here has no job left to wait for.
  std::unordered_map<jobs::JobId, std::uint32_t> unfinished_in_batch_;
  /// What has happened to batches since the last commit began.
  std::map<jobs::JobId, BatchTouch> touched_batches_;
  std::map<jobs::JobId, BatchTouch> committing_touches_;  ///< As the commit under way has them.
  std::uint64_t last_revision_ = 0;
  /// Ids that the janitor was told are unknown, with the time until which no such job is taken.
  std::unordered_map<jobs::JobId, jobs::SteadyTime> buried_;
  std::string store_error_;
  JobCounts counts_;
  jobs::PendingDeliveries pending_deliveries_;  ///< As they are stored.
  jobs::Timestamp counting_since_;
  /// Attempts that were taken back; counted once that is written.
  struct TakenBack {
    std::uint64_t all = 0;
    std::uint64_t expired = 0;  ///< Because nobody renewed the lease.
  };
  TakenBack staged_losses_;
  TakenBack committing_losses_;
  std::map<jobs::WorkerId, std::uint64_t> restarts_;  ///< As each worker that is here says.
  std::uint64_t actor_restarts_ = 0;
  std::map<jobs::WorkerId, std::string> ailments_;  ///< Of those that are here and ail.
  /// When the latest write was; a commit counts as one.
  std::optional<jobs::SteadyTime> store_tried_at_;
};

}  // namespace darkroom::actors
