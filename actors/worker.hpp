#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/ailment.hpp"
#include "actors/messages.hpp"
#include "actors/options.hpp"
#include "actors/registry_connection.hpp"
#include "actors/supervision_record.hpp"
#include "jobs/memory_budget.hpp"
#include "jobs/timestamp.hpp"

namespace darkroom::actors {

struct WorkerConfig {
  jobs::WorkerId id;
  WorkerOptions options;
  Connect connect;
  /// Called last, once the worker has drained, when a job has run longer than the job timeout, or
  /// taken more CPU time than it may: a codec hangs, and its thread cannot be stopped, so the
  /// process must end. The text says which job, as job=ID at its end.
  std::function<void(const std::string&)> stuck;
  /// CPU time that a slot has spent on its job. Empty: not known, and not limited.
  std::function<std::chrono::nanoseconds(std::size_t slot)> cpu_time;
  /// Called when the task of this lease, which a slot works on, is not wanted any more: the slot's
  /// runner or fetcher may block, and hear no message (TaskStop::cancel). Fetchers are numbered
  /// behind the slots with runners. May be empty.
  std::function<void(std::size_t slot, const jobs::LeaseToken& task)> cancel = {};
  /// Called once the worker has had nothing to do for a heartbeat or two. May be empty.
  std::function<void()> idle = {};
  /// How the slots' actors fare; may be null.
  std::shared_ptr<const SupervisionRecord> supervision = {};
  // As in WorkerHello.
  std::string node = {};
  std::vector<std::string> queues = {};
  std::string version = {};
  bool reaches_files = true;
};

/// State of the WORKER: the connection to the registry, the slots, and what is not reported yet.
/// It runs on the scheduler and never blocks, so that heartbeats go out however busy the pixels
/// keep the machine.
///
///   unconnected -> (connect) -> joining -> (join answered) -> joined -> (link down) -> unconnected
struct WorkerState {
  static inline const char* name = "worker";
  /// For a request that waits for a synced write at the other end.
  static constexpr std::chrono::seconds registry_timeout{10};

  using Reservation = caf::typed_response_promise<atom::done>;

  /// Who is at work on a slot's task.
  enum class Stage : std::uint8_t {
    running,    ///< Its runner.
    fetching,   ///< Its source fetcher.
    reporting,  ///< Nobody: the registry is told that the original is there, until it answers.
  };

  /// One of two kinds: with a runner, or with a source fetcher. A task that has its original
  /// fetched takes none of the first kind, which are what jobs wait for.
  struct Slot {
    TaskRunnerActor runner;       ///< Invalid until it is started, and after it has died.
    SourceFetcherActor fetcher;   ///< The same.
    std::optional<Task> task;     ///< What it works on.
    jobs::SteadyTime started_at;  ///< Counts anew from the grant of its memory.
    /// The task waits for its memory; to be answered exactly once.
    std::optional<Reservation> waiting;
    bool abandoned = false;  ///< The lease was lost: the outcome interests nobody.
    Stage stage = Stage::running;
    FetchedReport fetched;           ///< While reporting.
    bool fetched_under_way = false;  ///< Sent, and not answered yet.
  };

  struct Outcome {
    JobReport report;
    std::string job;         ///< Which it is, for log lines; see task_pairs().
    bool under_way = false;  ///< Sent, and not answered yet.
  };

  explicit WorkerState(WorkerNodeActor::pointer actor) : self(actor) {}

  // -- connection --
  void connect();
  void join(WorkerRegistryActor found);
  void lost_registry(std::uint64_t which_connection);
  void schedule_tick(std::chrono::milliseconds delay);
  void tick(std::uint64_t generation);
  void send_heartbeat();
  /// Until the next heartbeat, which comes sooner where a pause ends before.
  [[nodiscard]] std::chrono::milliseconds until_heartbeat() const;

  // -- work --
  void take(Task task);
  /// Whether the task of this lease has come for the first time, as far as is remembered.
  [[nodiscard]] bool is_first(const Task& task);
  void runner_started(std::uint32_t slot, TaskRunnerActor runner);
  void runner_down(const caf::down_msg& down);
  /// Reports the slot's task, if it has one: its runner ended in the middle of it, by a fault of
  /// its own (failed) or because it was told to (handed back).
  void lose_task(Slot& slot, JobOutcome outcome = JobOutcome::failed);
  void forward(const RenditionReport& report);
  // -- originals that have to be fetched; in worker_sources.cpp --
  [[nodiscard]] bool is_for_fetches(const Slot& slot) const;
  void fetcher_started(std::uint32_t slot, SourceFetcherActor fetcher);
  void fetcher_down(const caf::down_msg& down);
  /// The original of a slot's task is durable.
  void fetched(FetchedReport report);
  /// Tells the registry of those originals that it has not heard of yet.
  void send_fetched();
  void fetched_taken(const jobs::LeaseToken& token);
  void fetched_refused(const jobs::LeaseToken& token, const ServiceError& reason);
  /// Nobody is at work on the slot's task, and nobody will be.
  void give_back(Slot& slot);
  void finished(JobReport report);
  /// Draws from a report whether this machine can do jobs. After one that it could
  /// not do none is taken for a while.
  void note_health(const JobReport& report);
  // -- memory; in worker_memory.cpp --
  [[nodiscard]] Reservation reserve(const jobs::LeaseToken& task, std::uint64_t bytes);
  /// Answers those who wait, in turn, as long as there is memory.
  void grant_memory();
  /// Lets a task that waits for memory end at once, if it does.
  void stop_waiting(Slot& slot);

  // -- results --
  void send_outcomes();
  void forget_outcome(const jobs::LeaseToken& token);
  void drop_lost(const std::vector<jobs::LeaseToken>& lost);
  /// The lease is not ours any more: what runs for it ends at its next step.
  void abandon(const jobs::LeaseToken& token);
  void watch_for_stuck_jobs();
  /// At each tick.
  void watch_for_idleness();
  /// Reports the job as failed while its codec still runs, and drains, so that the process can end.
  /// `log` says why to the operator, `message` to the client.
  void give_up(Slot& slot, const std::string& log, const std::string& message);
  [[nodiscard]] bool all_runners_up() const;
  /// How many jobs this worker is willing to hold: none while it drains or its machine ails,
  /// and none for a slot whose runner is busy with a job that it has lost.
  [[nodiscard]] std::uint32_t accepted_jobs() const;
  /// The same of originals to fetch, beside those jobs.
  [[nodiscard]] std::uint32_t accepted_fetches() const;
  [[nodiscard]] std::uint32_t willing_to_hold(std::uint32_t usable) const;
  /// Slots with a runner that is busy so, and that of a job that was given up.
  [[nodiscard]] std::uint32_t strays() const;
  /// Those of what runs, and of reports that the registry has not answered.
  [[nodiscard]] std::vector<jobs::LeaseToken> held() const;
  /// The same without reports that are under way: the registry has them before the heartbeat, and
  /// would take the slot of a lease that is over for one that is busy, until the next heartbeat.
  [[nodiscard]] std::vector<jobs::LeaseToken> leases_to_renew() const;
  /// Those of the leases under which an original is fetched, or was.
  [[nodiscard]] std::vector<jobs::LeaseToken> fetches_among(
      const std::vector<jobs::LeaseToken>& tokens) const;
  [[nodiscard]] Slot* slot_of(const jobs::LeaseToken& token);

  // -- end --
  void drain();
  void quit_when_idle();
  void leave();
  void end();

  WorkerNodeActor::pointer self;
  WorkerConfig config;
  std::vector<Slot> slots;  ///< First those with runners, then those with fetchers.
  jobs::MemoryBudget memory{0};
  Ailment ailment;
  std::vector<Outcome> outcomes;  ///< Sent until the registry has answered.
  /// The latest leases that came, of which each is worked on once, however often its task comes.
  struct Seen {
    jobs::LeaseToken token;
    bool fetches = false;
  };
  std::deque<Seen> seen;
  WorkerRegistryActor registry;  ///< Invalid while unconnected.
  /// Counts connections: a request of an earlier one may time out long after the next is made.
  std::uint64_t connection = 0;
  bool joined = false;
  std::string refusal_logged;   ///< Why it was not let in, told once and not at each try.
  bool waiting_logged = false;  ///< So that an absent coordinator is logged once, not each try.
  std::chrono::milliseconds backoff{0};
  std::uint64_t tick_generation = 0;
  bool worked_since_tick = false;
  bool draining = false;
  bool leaving = false;
  std::string hung_job;  ///< Why the process must end; empty where it need not.
};

WorkerNodeActor::behavior_type worker(WorkerNodeActor::stateful_pointer<WorkerState> self,
                                      WorkerConfig config);

}  // namespace darkroom::actors
