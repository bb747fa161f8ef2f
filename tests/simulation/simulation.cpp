#include "tests/simulation/simulation.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <fmt/format.h>

#include "tests/simulation/clients.hpp"
#include "tests/simulation/fault_injector.hpp"
#include "tests/simulation/log_capture.hpp"
#include "tests/simulation/service_node.hpp"
#include "tests/simulation/worker_node.hpp"
#include "tests/simulation/world.hpp"

namespace darkroom::simulation {
namespace {

using namespace std::chrono_literals;

/// In virtual time, without faults: every job's retries, in a queue behind the others'.
constexpr std::chrono::minutes longest_recovery{30};

class Run {
 public:
  Run(std::uint64_t seed, Weakness weakness) : world_(seed, weakness) {}

  // While what the actors end with is there still.
  ~Run() { world_.system.kill_all(); }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  [[nodiscard]] World& world() { return world_; }

  void run() {
    service_.start();
    clients_.begin();
    faults_.begin();
    if (!pass(world_.plan.duration)) return;
    faults_.end();
    clients_.stop();
    if (!recover() || !sweep() || !check_blobs()) return;
    start_again();
  }

 private:
  /// Lets time pass; false where something was violated.
  bool pass(std::chrono::milliseconds duration) {
    (void)world_.system.run(duration, [this] { return violated(); });
    return !violated();
  }

  [[nodiscard]] bool violated() const { return !world_.checker.violations().empty(); }

  bool recover() {
    const auto& checker = world_.checker;
    // What is under way still, a client's request or a message that was delayed, may start a job.
    if (!pass(15s)) return false;
    (void)world_.system.run(longest_recovery, [&] { return violated() || checker.all_final(); });
    if (violated()) return false;
    if (checker.all_final()) return pass(12s);
    const auto id = *checker.unfinished().begin();
    world_.checker.violation(
        id, fmt::format("not finished {} minutes after the last fault, and so are {} jobs in all",
                        longest_recovery.count(), checker.unfinished().size()));
    return false;
  }

  /// What is old enough goes, and nothing else.
  bool sweep() {
    for (const auto& worker : workers_)
      worker->stop("the run is over");
    const auto options = janitor_options();
    // Sweeps go on meanwhile; what the last of them leaves is for ever. The wall clock may have
    // been ahead when a blob was written.
    return pass(options.orphan_age + farthest_clock + 3 * options.interval);
  }

  bool check_blobs() {
    auto& checker = world_.checker;
    std::vector<std::string> wanted;
    for (const auto* job : checker.existing()) {
      wanted.push_back(job->original.blob_key);
      for (const auto& rendition : job->renditions) {
        if (rendition.status == jobs::RenditionStatus::completed) {
          wanted.push_back(rendition.blob_key);
        }
      }
      for (; checked_ < wanted.size(); ++checked_) {
        if (world_.blobs->find(wanted[checked_]) == nullptr) {
          checker.violation(job->id, fmt::format("its blob {} is missing", wanted[checked_]));
        }
      }
    }
    std::ranges::sort(wanted);
    for (const auto& [key, blob] : world_.blobs->blobs()) {
      if (!std::ranges::binary_search(wanted, key)) {
        checker.violation(jobs::job_of_blob(key), fmt::format("blob {} is an orphan", key));
      }
    }
    if (world_.blobs->temporaries() > 0) checker.violation({}, "temporary files are left");
    return !violated();
  }

  /// The store alone knows what the service was about.
  void start_again() {
    service_.cut_power();
    if (!pass(10s)) return;
    for (const auto* job : world_.checker.existing())
      clients_.read(job->id);
    (void)pass(1s);
  }

  [[nodiscard]] static std::vector<std::unique_ptr<WorkerNode>> make_workers(World& world) {
    std::vector<std::unique_ptr<WorkerNode>> workers;
    const auto add = [&](const std::string& name, bool remote) {
      std::vector<std::string> queues;
      // The first takes all, so that each job can be done.
      if (world.plan.subscriptions && !workers.empty() && world.random.chance(0.7)) {
        queues = {world.random.chance(0.5) ? "media" : "default"};
      }
      world.checker.add_worker(name, queues);
      workers.push_back(std::make_unique<WorkerNode>(world, name, remote, std::move(queues)));
    };
    for (std::uint32_t i = 1; i <= world.plan.workers; ++i)
      add(fmt::format("local-{}", i), false);
    for (std::uint32_t i = 1; i <= world.plan.remote_workers; ++i)
      add(fmt::format("remote-{}", i), true);
    return workers;
  }

  World world_;
  std::vector<std::unique_ptr<WorkerNode>> workers_ = make_workers(world_);
  ServiceNode service_{world_, workers_};
  Clients clients_{world_, service_};
  FaultInjector faults_{world_, service_, workers_};
  std::size_t checked_ = 0;
};

}  // namespace

RunOutcome run_seed(std::uint64_t seed, Weakness weakness, bool verbose) {
  Run run{seed, weakness};
  auto& world = run.world();
  const LogCapture capture{world.trace, verbose};
  run.run();
  RunOutcome outcome{.seed = seed,
                     .violations = world.checker.violations(),
                     .trace_hash = world.trace.hash(),
                     .steps = world.system.steps(),
                     .jobs = world.checker.existing().size(),
                     .plan = world.plan.describe()};
  if (verbose) {
    outcome.trace = world.trace.lines({});
  } else if (!outcome.violations.empty()) {
    outcome.trace = world.trace.lines(outcome.violations.front().job);
  }
  return outcome;
}

}  // namespace darkroom::simulation
