#include "tools/bench_coordinator.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/io/middleman.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "actors/job_registry.hpp"
#include "actors/message_block.hpp"
#include "tools/child_program.hpp"
#include "tools/cpu_clock.hpp"
#include "tools/process_times.hpp"
#include "tools/sample_jobs.hpp"
#include "tools/scratch_folder.hpp"
#include "tools/turnaround_log.hpp"

namespace darkroom::tools {
namespace {

using Clock = std::chrono::steady_clock;
using Failure = tl::unexpected<std::string>;

constexpr const char* loopback = "127.0.0.1";

/// As the service has it (NodeSystemConfig).
struct Config : caf::actor_system_config {
  Config() {
    actors::add_messages(*this);
    load<caf::io::middleman>();
    set("scheduler.max-threads", std::size_t{2});
    set("scheduler.policy", caf::atom("sharing"));
    set("middleman.app-identifiers", std::vector<std::string>{actors::wire_version});
  }
};

/// Takes the answers to creates, of which only a refusal is of interest.
caf::behavior answers(caf::event_based_actor* self, std::atomic<bool>* refused) {
  return {
      [](const actors::CreatedJob&) {},
      [=](const caf::error& error) {
        if (!refused->exchange(true)) {
          spdlog::error("a job was refused: {}", self->system().render(error));
        }
      },
  };
}

/// The registry, published on a port of its own, with a client that sees to it that jobs wait.
class Coordinator {
 public:
  Coordinator(caf::actor_system& system, std::shared_ptr<persistence::JobStore> store,
              std::size_t backlog, std::size_t most_waiting)
      : self_(system), backlog_(backlog) {
    actors::RegistryOptions settings;
    settings.queue_limit = std::max(settings.queue_limit, 2 * most_waiting);
    registry_ = system.spawn<caf::detached>(actors::job_registry, std::move(store), settings,
                                            jobs::WallClock{jobs::system_now});
    client_ = system.spawn(answers, &refused_);
  }

  Coordinator(const Coordinator&) = delete;
  Coordinator& operator=(const Coordinator&) = delete;
  Coordinator(Coordinator&&) = delete;
  Coordinator& operator=(Coordinator&&) = delete;

  ~Coordinator() {
    // The broker would hold the registry, and the system would wait for its thread for ever.
    if (port_ != 0) {
      (void)self_->system().middleman().unpublish(actors::WorkerRegistryActor{registry_}, port_);
    }
    self_->send_exit(registry_, caf::exit_reason::user_shutdown);
    self_->wait_for(registry_);
    self_->send_exit(client_, caf::exit_reason::user_shutdown);
    self_->wait_for(client_);
  }

  [[nodiscard]] tl::expected<std::uint16_t, std::string> publish() {
    auto& system = self_->system();
    const auto port =
        system.middleman().publish(actors::WorkerRegistryActor{registry_}, 0, loopback, true);
    if (!port) return Failure("no port can be opened: " + system.render(port.error()));
    port_ = *port;
    return *port;
  }

  /// How it stands, once as many jobs were created as are missing from the backlog.
  [[nodiscard]] tl::expected<actors::ServiceStatus, std::string> feed() {
    tl::expected<actors::ServiceStatus, std::string> status = Failure("the registry is silent");
    self_->request(registry_, std::chrono::seconds{30}, atom::status_v)
        .receive([&](actors::ServiceStatus& answer) { status = std::move(answer); },
                 [&](const caf::error& error) {
                   status = Failure("the registry failed: " + self_->system().render(error));
                 });
    if (!status) return status;
    if (refused_) return Failure("the registry refused jobs");
    if (!refills_) return status;
    for (auto pending = status->pending; pending < backlog_; ++pending) {
      const auto now = jobs::system_now();
      caf::send_as(client_, registry_, atom::create_v,
                   sample_job(jobs::JobId::generate(now), created_++, now));
    }
    return status;
  }

  /// Creates this many jobs and none from then on.
  [[nodiscard]] tl::expected<void, std::string> queue(std::size_t jobs) {
    constexpr std::size_t portion = 10'000;  // Of messages in the registry's mailbox.
    for (backlog_ = std::min(portion, jobs);; backlog_ = std::min(backlog_ + portion, jobs)) {
      const auto status = feed();
      if (!status) return Failure(status.error());
      if (status->pending >= jobs) break;
    }
    refills_ = false;
    return {};
  }

 private:
  caf::scoped_actor self_;
  std::size_t backlog_;
  bool refills_ = true;
  std::uint64_t created_ = 0;
  std::atomic<bool> refused_{false};
  actors::JobRegistryActor registry_;
  caf::actor client_;
  std::uint16_t port_ = 0;
};

std::uint64_t leases_of(const actors::ServiceStatus& status) {
  return status.counts.attempts.at(static_cast<std::size_t>(jobs::AttemptOutcome::running));
}

/// The processes of the simulated nodes.
class Nodes {
 public:
  [[nodiscard]] static tl::expected<Nodes, std::string> start(const CoordinatorOptions& options,
                                                              std::uint16_t port,
                                                              const std::filesystem::path& folder) {
    Nodes nodes;
    std::uint32_t first = 1;
    for (std::uint32_t i = 0; i < options.processes; ++i) {
      const auto count = (options.nodes - first + 1) / (options.processes - i);
      const auto log = folder / ("nodes-" + std::to_string(i));
      auto program =
          ChildProgram::start({program_beside("darkroom-bench").string(), "stub-nodes",
                               "--port=" + std::to_string(port), "--first=" + std::to_string(first),
                               "--count=" + std::to_string(count),
                               "--slots=" + std::to_string(options.slots), "--log=" + log.string()},
                              log.string() + ".output");
      if (!program) return Failure(program.error());
      nodes.programs_.push_back(std::move(*program));
      nodes.logs_.push_back(log);
      first += count;
    }
    return nodes;
  }

  /// What one of those says that ended; empty while all run.
  [[nodiscard]] std::string failure() {
    for (const auto& program : programs_) {
      if (!program->is_running()) return "simulated nodes ended: " + program->printed();
    }
    return {};
  }

  [[nodiscard]] double cpu_milliseconds() const {
    double sum = 0;
    for (const auto& program : programs_) {
      if (const auto times = process_times(program->pid())) sum += times->cpu_milliseconds;
    }
    return sum;
  }

  /// Stops them, and returns what they noted.
  [[nodiscard]] tl::expected<TurnaroundLog, std::string> stop() {
    constexpr std::chrono::seconds patience{30};
    TurnaroundLog all;
    for (std::size_t i = 0; i < programs_.size(); ++i) {
      if (!programs_[i]->stop(patience)) return Failure("simulated nodes do not end");
      const auto log = read_log(logs_[i]);
      if (!log) return Failure(log.error() + ": " + programs_[i]->printed());
      all.turnarounds.insert(all.turnarounds.end(), log->turnarounds.begin(),
                             log->turnarounds.end());
      all.heartbeats.insert(all.heartbeats.end(), log->heartbeats.begin(), log->heartbeats.end());
      all.lost_leases += log->lost_leases;
      if (all.failure.empty()) all.failure = log->failure;
    }
    return all;
  }

 private:
  std::vector<std::unique_ptr<ChildProgram>> programs_;
  std::vector<std::filesystem::path> logs_;
};

/// All that counts up, at one moment.
struct Counters {
  std::int64_t at_ns = 0;
  std::uint64_t leases = 0;
  double cpu = 0;  ///< Milliseconds, as are all of these.
  double nodes_cpu = 0;
  std::map<std::string, double> threads;
};

class Measurement {
 public:
  Measurement(const CoordinatorOptions& options, Coordinator& coordinator, Nodes& nodes)
      : coordinator_(coordinator), nodes_(nodes) {
    report_.options = options;
  }

  [[nodiscard]] tl::expected<CoordinatorReport, std::string> run() {
    const auto& options = report_.options;
    report_.load.before = load_average();
    report_.load.cores = usable_cores();
    constexpr std::chrono::seconds patience{60};
    const auto all_joined = [&] { return status_.workers == options.nodes; };
    if (auto fed = feed_until(Clock::now() + patience, all_joined); !fed)
      return Failure(fed.error());
    if (!all_joined()) {
      return Failure("only " + std::to_string(status_.workers) + " of " +
                     std::to_string(options.nodes) + " simulated nodes joined");
    }
    if (auto fed = feed_for(options.warm_up); !fed) return Failure(fed.error());
    const auto start = counters();
    if (auto fed = feed_for(options.seconds); !fed) return Failure(fed.error());
    const auto end = counters();
    if (options.queued > 0 && status_.pending < std::size_t{options.nodes} * options.slots) {
      return Failure("too few jobs for this many nodes and seconds: take a larger --queued");
    }
    report_.peak_memory = process_times(::getpid()).value_or(ProcessTimes{}).peak_memory;
    report_.nodes_lost = status_.counts.lost_workers;
    report_.refused_reports = status_.counts.refused_reports;
    // That hundreds of workers are gone in a moment is no news.
    spdlog::set_level(spdlog::level::off);
    const auto log = nodes_.stop();
    if (!log) return Failure(log.error());
    if (!log->failure.empty()) return Failure("a simulated node was told: " + log->failure);
    note_rates(start, end);
    note_latencies(*log, start.at_ns);
    report_.load.after = load_average();
    return std::move(report_);
  }

 private:
  template <class Done>
  [[nodiscard]] tl::expected<void, std::string> feed_until(Clock::time_point end,
                                                           const Done& done) {
    // The backlog lasts for many of these.
    constexpr std::chrono::milliseconds pause{5};
    while (!done() && Clock::now() < end) {
      auto status = coordinator_.feed();
      if (!status) return Failure(status.error());
      status_ = std::move(*status);
      if (auto failure = nodes_.failure(); !failure.empty()) return Failure(failure);
      std::this_thread::sleep_for(pause);
    }
    return {};
  }

  [[nodiscard]] tl::expected<void, std::string> feed_for(std::uint32_t seconds) {
    return feed_until(Clock::now() + std::chrono::seconds{seconds}, [] { return false; });
  }

  [[nodiscard]] Counters counters() const {
    return {.at_ns = steady_nanoseconds(),
            .leases = leases_of(status_),
            .cpu = cpu_milliseconds(),
            .nodes_cpu = nodes_.cpu_milliseconds(),
            .threads = own_thread_times()};
  }

  void note_rates(const Counters& start, const Counters& end) {
    const auto milliseconds = static_cast<double>(end.at_ns - start.at_ns) / 1e6;
    const auto leases = static_cast<double>(end.leases - start.leases);
    report_.leases_per_second = leases * 1e3 / milliseconds;
    report_.coordinator_us_per_lease = (end.cpu - start.cpu) * 1e3 / leases;
    report_.nodes_us_per_lease = (end.nodes_cpu - start.nodes_cpu) * 1e3 / leases;
    constexpr double least = 0.01;
    for (const auto& [name, time] : end.threads) {
      const auto before = start.threads.find(name);
      const auto spent = time - (before == start.threads.end() ? 0 : before->second);
      // Without the thread's id, which tells nobody anything.
      if (spent / milliseconds >= least) {
        report_.threads.push_back({name.substr(0, name.rfind(' ')), spent / milliseconds});
      }
    }
    std::ranges::sort(report_.threads, std::greater{}, &CoordinatorReport::Thread::cores);
  }

  void note_latencies(const TurnaroundLog& log, std::int64_t start_ns) {
    constexpr std::int64_t second_ns = 1'000'000'000;
    std::vector<Latencies> seconds(report_.options.seconds);
    Latencies all;
    for (const auto& [came_at_ns, milliseconds] : log.turnarounds) {
      const auto second = (came_at_ns - start_ns) / second_ns;
      if (came_at_ns < start_ns || second >= static_cast<std::int64_t>(seconds.size())) continue;
      seconds[static_cast<std::size_t>(second)].add_milliseconds(milliseconds);
      all.add_milliseconds(milliseconds);
    }
    report_.turnaround = all.summary();
    for (const auto& second : seconds) {
      const auto summary = second.summary();
      report_.by_second.push_back({static_cast<double>(summary.count), summary});
    }
    Latencies heartbeats;
    for (const auto milliseconds : log.heartbeats)
      heartbeats.add_milliseconds(milliseconds);
    report_.heartbeat = heartbeats.summary();
    report_.lost_leases = log.lost_leases;
  }

  Coordinator& coordinator_;
  Nodes& nodes_;
  actors::ServiceStatus status_;
  CoordinatorReport report_;
};

}  // namespace

tl::expected<CoordinatorReport, std::string> bench_coordinator(const CoordinatorOptions& options) {
  // The service's log, a line for each job, is a matter of who reads it.
  spdlog::set_level(spdlog::level::warn);
  const auto folder = ScratchFolder::make(
      options.directory.empty() ? std::filesystem::current_path() : options.directory);
  if (!folder) return Failure(folder.error());
  auto store = persistence::open_rocks_job_store(folder->path() / "jobs", {});
  if (!store) return Failure(store.error().message);
  Config config;
  caf::actor_system system{config};
  Coordinator coordinator{system, std::move(*store), options.backlog,
                          std::max(options.backlog, options.queued)};
  if (options.queued > 0) {
    if (auto queued = coordinator.queue(options.queued); !queued) return Failure(queued.error());
  }
  const auto port = coordinator.publish();
  if (!port) return Failure(port.error());
  auto nodes = Nodes::start(options, *port, folder->path());
  if (!nodes) return Failure(nodes.error());
  return Measurement{options, coordinator, *nodes}.run();
}

}  // namespace darkroom::tools
