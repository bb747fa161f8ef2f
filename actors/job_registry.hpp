#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/committer.hpp"
#include "actors/event_log.hpp"
#include "actors/messages.hpp"
#include "actors/options.hpp"
#include "actors/registry_ledger.hpp"
#include "jobs/queue_watch.hpp"
#include "jobs/timestamp.hpp"
#include "persistence/job_store.hpp"

namespace darkroom::actors {

/// State of the JOB REGISTRY: the ledger, and who waits for its next commit.
///
/// Group commit: a change asks for one `flush` message, which lands behind everything that is in
/// the mailbox by then; so all of a burst goes into one synced write, and an idle registry writes
/// at once. While one batch is written the next one gathers. Answers and leases go out after the
/// write, never before.
struct JobRegistryState {
  static inline const char* name = "job-registry";

  struct Member {
    jobs::WorkerId id;
    WorkerActor handle;
    bool reaches_files = true;  ///< Else its tasks carry URLs.
  };

  explicit JobRegistryState(JobRegistryActor::pointer actor) : self(actor) {}

  [[nodiscard]] Now now() const;
  void ask_for_flush();
  /// Has what is staged written, with new leases, unless a batch is under way still: then that is
  /// done once it is written.
  void flush();
  /// The committer has written a batch, perhaps.
  void take_outcome();
  /// Writes all that is staged, and waits for it.
  void commit_all();
  /// Logs when the store begins to refuse writes, and when it takes them again.
  void note_store();
  /// Logs when the jobs of a queue wait for somebody who fetches their pictures, and when they wait
  /// for that no more.
  void note_fetchers();
  void tick(std::uint64_t generation);
  void schedule_tick();
  void send_task(const RegistryLedger::Assignment& assignment);
  /// The task as that worker needs it: with URLs, where it does not reach the files.
  [[nodiscard]] Task task_for(const jobs::WorkerId& worker, Task task) const;
  using JoinAnswer = caf::typed_response_promise<atom::done>;
  using EnlistAnswer = caf::typed_response_promise<NodeWelcome>;
  /// A worker asks to join. Where another process of its name is here, that one is asked for a sign
  /// of life first, while everything else goes on.
  void join(const WorkerHello& hello, WorkerActor handle, JoinAnswer answer);
  void admit(const WorkerHello& hello, WorkerActor handle, JoinAnswer answer);
  static void turn_away(const WorkerHello& hello, const ServiceError& error, JoinAnswer answer);
  /// The worker is lost, unless that was found out before.
  void drop_ghost(const jobs::WorkerId& ghost);
  [[nodiscard]] RegistryLedger::Result<void> enter(const WorkerHello& hello, WorkerActor handle);
  /// A worker reported what cannot be taken: logs it, and has the blobs removed that nothing will
  /// refer to.
  void refuse(const char* what, const jobs::JobId& job, const jobs::WorkerId& worker,
              const ServiceError& error, std::vector<std::string> keys);
  void discard(const jobs::JobId& job, const std::vector<std::string>& keys);
  void worker_down(const caf::actor_addr& source);
  /// A node has connected; see NodeRegistryActor.
  void enlist(const NodeHello& hello, NodeActor handle, EnlistAnswer answer);
  void welcome(const NodeHello& hello, NodeActor handle, EnlistAnswer answer);
  /// Nodes without workers that would start some for jobs that there may be.
  [[nodiscard]] std::size_t resting_nodes() const;
  void node_down(const caf::actor_addr& source);
  /// The process of the worker of this name ended.
  void process_ended(const std::string& worker, const std::string& how);
  /// Takes back what a worker held whose connection broke, unless that was done before.
  void lose(const jobs::WorkerId& worker, const std::string& reason);
  /// The wait for word of how the worker's process ended is over.
  void nobody_told(const jobs::WorkerId& worker);
  /// Stores what operators have decided, and puts it in force.
  [[nodiscard]] RegistryLedger::Result<void> keep(persistence::OperatorState decisions);
  /// Has the store keep the text, durably when this returns, between two commits.
  [[nodiscard]] RegistryLedger::Result<void> put_text(std::string_view called,
                                                      const std::string& text);
  /// JobService::api_keys and put_api_keys.
  [[nodiscard]] RegistryLedger::Result<void> load_api_keys();
  [[nodiscard]] KeyTable api_keys(std::uint64_t known) const;
  [[nodiscard]] caf::result<KeyTable> put_api_keys(KeyTable wanted);
  /// As the catalogue has it: what is not durable yet is not seen.
  [[nodiscard]] caf::result<BatchState> batch(const jobs::JobId& id);
  /// ClientRegistryActor's requests by filter.
  [[nodiscard]] caf::result<JobPage> find(const JobQuery& query);
  [[nodiscard]] caf::result<BulkDone> retry_where(const persistence::JobFilter& filter,
                                                  const jobs::JobId& after, std::uint32_t limit);
  [[nodiscard]] caf::result<BulkRemoved> remove_where(const persistence::JobFilter& filter,
                                                      const jobs::JobId& after,
                                                      std::uint32_t limit);
  /// ClientRegistryActor's requests for what happens.
  [[nodiscard]] caf::result<JobEvents> changes(const EventQuery& query);
  [[nodiscard]] caf::result<JobEvents> ended(const EventQuery& query);
  /// ClientRegistryActor's and DeliveryRegistryActor's requests for the outbox.
  [[nodiscard]] caf::result<DeliveryList> deliveries(const jobs::JobId& subject);
  [[nodiscard]] caf::result<DeliveryList> replay(const jobs::JobId& subject,
                                                 const jobs::JobId& delivery);
  [[nodiscard]] caf::result<atom::done> note_try(const DeliveryOutcome& outcome);
  /// Tells the notifier where a commit has left something to send.
  void ring(const std::vector<persistence::RecordChange>& changes);
  /// Notes what a commit has changed, and tells those who wait for it.
  void tell(const std::vector<persistence::JobChange>& changes);
  enum class ListenersDue : std::uint8_t { late, all };
  /// Answers those who have waited long enough, or everybody.
  void answer_listeners(ListenersDue due);
  /// Tells a worker that it need not go on.
  void revoke(const jobs::Lease& lease);

  /// Runs `answer` once what is staged is written (null) or could not be (the reason).
  using Answer = std::function<void(const ServiceError*)>;
  void answer_after_commit(Answer answer);
  /// Runs `then` once it is known whether the store takes writes: at once where a write has told
  /// that a moment ago.
  void after_look_at_store(std::function<void()> then);

  JobRegistryActor::pointer self;
  std::optional<RegistryLedger> ledger;
  jobs::WallClock wall_clock;
  std::map<std::string, Member> workers;  ///< by name
  /// A node that is connected. Of what it does only its name is of interest: it has one alone.
  struct Node {
    NodeHello hello;
    NodeActor handle;
  };
  std::map<std::string, Node> nodes;       ///< by name
  std::set<std::string> questioned_nodes;  ///< Those asked for a sign of life.
  /// Their connections broke, and their leases wait for word of how their processes ended. By name.
  std::map<std::string, jobs::WorkerId> dying;
  /// The other way round: their processes ended, and what they sent last may be on its way still.
  std::map<std::string, std::string> exit_notices;
  /// Who waits for something to happen.
  struct Listener {
    EventQuery query;
    jobs::SteadyTime until;
    caf::typed_response_promise<JobEvents> answer;
  };
  std::vector<Listener> listeners;
  std::optional<EventLog> events;
  std::set<std::string> asked_for_life;  ///< Names of workers whose answer is awaited.
  std::vector<Answer> waiting;           ///< For what is staged.
  KeyTable key_table;

  /// A batch that is being written, and what is to be done then.
  struct Batch {
    persistence::WriteSet changes;
    std::vector<Answer> waiting;
    std::vector<RegistryLedger::Assignment> assignments;
    bool is_look = false;  ///< Without changes: tries whether the store can be written.
  };
  void start(std::vector<RegistryLedger::Assignment> assignments);
  void finish(const Committer::Outcome& written);
  std::optional<Batch> under_way;
  std::shared_ptr<persistence::JobStore> store;
  std::unique_ptr<Committer> committer;  ///< None on the test scheduler.
  CatalogueActor catalogue;     ///< Invalid while it is not up; what it is asked is unavailable.
  DeliveryAlarmActor notifier;  ///< Invalid while it is not up; it looks by itself when it is.
  BlobRemoverActor remover;     ///< Invalid while it is not up; then orphans wait for the janitor.
  bool flush_asked = false;
  bool ending = false;             ///< No more leases are handed out.
  bool keeping_decisions = false;  ///< No batch is begun.
  bool look_wanted = false;     ///< The next batch is to try the store, should it have no changes.
  bool expiry_skipped = false;  ///< By the latest tick.
  std::uint64_t tick_generation = 0;
  jobs::SteadyTime last_tick;
  bool write_failing = false;  ///< So that a full disk is logged once, not at each write.
  std::optional<jobs::QueueWatch> unfetched;
};

/// Spawn it detached: it blocks on the store. Quits with an error when the store cannot be read at
/// the start; a damaged record is set aside and logged.
JobRegistryActor::behavior_type job_registry(
    JobRegistryActor::stateful_pointer<JobRegistryState> self,
    std::shared_ptr<persistence::JobStore> store, RegistryOptions options,
    jobs::WallClock wall_clock);

}  // namespace darkroom::actors
