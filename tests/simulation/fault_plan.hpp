#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tests/simulation/seeded_random.hpp"

namespace darkroom::simulation {

/// What goes wrong in a run, and how often. Probabilities are of each occasion; an `every` is the
/// mean time between two faults of that kind, zero for never.
struct FaultPlan {
  // -- the network between workers and registry, for each message on each way --
  double lose = 0;
  double duplicate = 0;
  double delay = 0;      ///< By seconds, beyond the few milliseconds that each message takes.
  bool reorder = false;  ///< Otherwise messages of one way stay in order.
  std::chrono::milliseconds cut_every{0};  ///< A connection breaks.

  // -- processes --
  std::chrono::milliseconds worker_death_every{0};
  std::chrono::milliseconds worker_freeze_every{0};
  std::chrono::milliseconds coordinator_freeze_every{0};
  std::chrono::milliseconds registry_crash_every{0};  ///< The actor alone; its workers live.
  std::chrono::milliseconds service_crash_every{0};   ///< `serve` with all of its workers.
  std::chrono::milliseconds power_cut_every{0};       ///< The same, and what is not synced is lost.
  bool slow_commits = false;   ///< Batches are written beside the registry, as in the service.
  double crash_in_commit = 0;  ///< Then all of the batch is kept, or nothing.

  // -- disks and clocks --
  std::chrono::milliseconds store_failure_every{0};
  std::chrono::milliseconds blob_failure_every{0};
  std::chrono::milliseconds clock_jump_every{0};

  // -- jobs --
  double poison = 0;     ///< Kills its worker whenever it is worked on.
  double permanent = 0;  ///< Fails for good.
  double transient = 0;  ///< Fails some times before it passes.
  double hang = 0;       ///< Never ends.

  // -- clients --
  double lost_answer = 0;
  double remove = 0;
  double cancel = 0;
  double retry = 0;            ///< Of a job that has failed or was cancelled.
  double reuse = 0;            ///< An upload is one that came before, and takes its results.
  bool retry_all = false;      ///< Now and then all failed jobs are sent again together.
  double idempotency_key = 0;  ///< An upload has one, and is repeated under it.
  bool expiry = false;         ///< Jobs live for less than the run.
  double batch = 0;            ///< Some uploads come together, as a batch.
  bool two_queues = false;     ///< Uploads go to one of two, by tenants of several priorities.

  // -- operators --
  std::chrono::milliseconds pause_every{0};  ///< A queue is paused, and resumed some time later.
  std::chrono::milliseconds drain_every{0};  ///< A worker is drained, and resumed.

  // -- the set-up --
  std::uint32_t workers = 2;         ///< Children of the service.
  std::uint32_t remote_workers = 0;  ///< Of another machine: they outlive the service.
  std::uint32_t slots = 1;           ///< Of each worker.
  bool subscriptions = false;        ///< All workers but the first take one queue, perhaps.
  std::uint32_t jobs = 20;
  std::chrono::milliseconds duration{60'000};  ///< Of the time with faults.

  [[nodiscard]] bool touches_workers() const;

  /// The faults that are on, in words.
  [[nodiscard]] std::string describe() const;
};

/// Each kind of fault is on in some runs only: with all of them at once none would get far enough
/// to meet the rare ones. One run in sixteen has no fault at all, so that what the checks
/// themselves get wrong shows.
[[nodiscard]] FaultPlan draw_fault_plan(SeededRandom& random);

/// A part of the service that is switched off, to see that the simulation notices. It is done where
/// the simulation surrounds the service: the service itself has no such switches.
enum class Weakness : std::uint8_t {
  none,
  token,     ///< A report counts whatever its token.
  sync,      ///< The job store acknowledges what is not durable.
  blobs,     ///< So does the blob store.
  start,     ///< An attempt is durable when it ends, not when it begins.
  crashes,   ///< No limit on crashes.
  attempts,  ///< No limit on failures.
  lease,     ///< Leases do not run out.
  janitor,   ///< The janitor removes what is old without asking the registry.
};

inline constexpr std::array weaknesses{Weakness::token, Weakness::sync,    Weakness::blobs,
                                       Weakness::start, Weakness::crashes, Weakness::attempts,
                                       Weakness::lease, Weakness::janitor};

[[nodiscard]] std::string_view to_string(Weakness weakness);
[[nodiscard]] std::optional<Weakness> parse_weakness(std::string_view text);

}  // namespace darkroom::simulation
