#include "tools/bench_queue.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include "actors/job_registry.hpp"
#include "actors/message_block.hpp"
#include "tools/cpu_clock.hpp"
#include "tools/disk_sync.hpp"
#include "tools/measured_job_store.hpp"
#include "tools/queue_stubs.hpp"
#include "tools/scratch_folder.hpp"

namespace darkroom::tools {
namespace {

using Clock = QueueLoad::Clock;

struct Config : caf::actor_system_config {
  Config() {
    actors::add_messages(*this);
    set("scheduler.max-threads", std::size_t{2});  // As in the service.
  }
};

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The registry on its store, for one phase.
class Service {
 public:
  Service(caf::actor_system& system, std::shared_ptr<MeasuredJobStore> store,
          const QueueOptions& options, QueueLoad& load)
      : self_(system), load_(load) {
    actors::RegistryOptions settings;
    settings.queue_limit = std::max(settings.queue_limit, options.jobs);
    registry_ = system.spawn<caf::detached>(
        actors::job_registry, std::shared_ptr<persistence::JobStore>{std::move(store)}, settings,
        jobs::WallClock{jobs::system_now});
    for (std::uint32_t i = 0; i < options.workers; ++i) {
      others_.push_back(caf::actor_cast<caf::actor>(
          spawn_worker(system, registry_, load, "stub-" + std::to_string(i + 1), options.slots)));
    }
  }

  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  Service(Service&&) = delete;
  Service& operator=(Service&&) = delete;

  ~Service() {
    // The registry first, so that it does not take its workers for lost.
    others_.insert(others_.begin(), caf::actor_cast<caf::actor>(registry_));
    for (auto& actor : others_) {
      self_->send_exit(actor, caf::exit_reason::user_shutdown);
      self_->wait_for(actor);
    }
  }

  /// Runs all jobs, `outstanding` at once.
  [[nodiscard]] std::string run_saturated(std::size_t outstanding) {
    others_.push_back(spawn_client(self_->system(), registry_, load_, outstanding));
    return load_.wait();
  }

  /// Runs all jobs at a steady rate, whether earlier ones were answered or not.
  [[nodiscard]] std::string run_paced(double jobs_per_second) {
    const auto client = spawn_client(self_->system(), registry_, load_, 0);
    others_.push_back(client);
    // To sleep before each would take more CPU time than the rest.
    constexpr std::chrono::microseconds step{250};
    const auto start = Clock::now();
    for (std::size_t number = 0; !load_.all_made() && !load_.over(); ++number) {
      const auto due =
          start + std::chrono::duration_cast<Clock::duration>(
                      std::chrono::duration<double>(static_cast<double>(number) / jobs_per_second));
      if (due > Clock::now()) std::this_thread::sleep_until(due + step);
      caf::send_as(client, registry_, atom::create_v, load_.make(due));
    }
    return load_.wait();
  }

 private:
  caf::scoped_actor self_;
  QueueLoad& load_;
  actors::JobRegistryActor registry_;
  std::vector<caf::actor> others_;
};

tl::expected<QueuePhase, std::string> run_phase(caf::actor_system& system,
                                                const std::shared_ptr<MeasuredJobStore>& store,
                                                const QueueOptions& options,
                                                const std::function<std::string(Service&)>& run) {
  QueueLoad load{options.jobs};
  (void)store->take_commits();
  QueuePhase phase;
  {
    Service service{system, store, options, load};
    const auto start = Clock::now();
    const double cpu = cpu_milliseconds();
    const auto failure = run(service);
    if (!failure.empty()) return tl::unexpected("the registry refused a job: " + failure);
    const auto jobs = static_cast<double>(options.jobs);
    phase.jobs_per_second = jobs / seconds_since(start);
    phase.cpu_seconds_per_1000_jobs = (cpu_milliseconds() - cpu) / jobs;
  }
  const auto commits = store->take_commits();
  phase.commit = commits.times.summary();
  phase.create = load.creates().summary();
  const auto count = static_cast<double>(phase.commit.count);
  phase.changes_per_commit = static_cast<double>(commits.changes) / count;
  phase.commits_per_second = count * phase.jobs_per_second / static_cast<double>(options.jobs);
  phase.largest_commit = commits.largest;
  return phase;
}

}  // namespace

tl::expected<QueueReport, std::string> bench_queue(const QueueOptions& options) {
  // The service's log, a line for each job, is a matter of who reads it.
  spdlog::set_level(spdlog::level::warn);
  const auto folder = ScratchFolder::make(
      options.directory.empty() ? std::filesystem::current_path() : options.directory);
  if (!folder) return tl::unexpected(folder.error());
  QueueReport report;
  for (const auto& [bytes, times] :
       {std::pair{std::size_t{4'096}, &report.sync_4k}, {std::size_t{65'536}, &report.sync_64k}}) {
    const auto measured = measure_sync(folder->path(), bytes);
    if (!measured) return tl::unexpected(measured.error());
    *times = *measured;
  }
  auto opened = persistence::open_rocks_job_store(folder->path() / "jobs", {});
  if (!opened) return tl::unexpected(opened.error().message);
  const auto store = std::make_shared<MeasuredJobStore>(std::move(*opened));

  Config config;
  caf::actor_system system{config};
  const auto saturated = run_phase(system, store, options, [&](Service& service) {
    return service.run_saturated(options.outstanding);
  });
  if (!saturated) return tl::unexpected(saturated.error());
  report.saturated = *saturated;
  const auto half = run_phase(system, store, options, [&](Service& service) {
    return service.run_paced(report.saturated.jobs_per_second / 2);
  });
  if (!half) return tl::unexpected(half.error());
  report.half = *half;
  return report;
}

}  // namespace darkroom::tools
