#include "nodes/worker_child.hpp"

#include <chrono>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "actors/registry_connection.hpp"
#include "actors/remote_task_files.hpp"
#include "actors/source_fetcher.hpp"
#include "actors/supervisor.hpp"
#include "actors/task_files.hpp"
#include "actors/task_stop.hpp"
#include "actors/worker.hpp"
#include "imaging/backend.hpp"
#include "imaging/block_cache.hpp"
#include "jobs/random.hpp"
#include "net/address_guard.hpp"
#include "nodes/allocator.hpp"
#include "nodes/backend_formats.hpp"
#include "nodes/confinement.hpp"
#include "nodes/logging.hpp"
#include "nodes/node_system.hpp"
#include "nodes/parent_process.hpp"
#include "nodes/scratch_folder.hpp"
#include "nodes/shutdown_watchdog.hpp"
#include "nodes/signals.hpp"
#include "nodes/stop_actor.hpp"
#include "nodes/stop_request.hpp"
#include "nodes/stop_times.hpp"
#include "nodes/version.hpp"
#include "nodes/worker_memory.hpp"
#include "nodes/worker_slot.hpp"
#include "outbound/web_client.hpp"
#include "persistence/blob_store.hpp"

namespace darkroom::nodes {
namespace {

/// An operation that hangs is the worker actor's to notice; its runner waits this much longer.
constexpr std::chrono::seconds operation_margin{10};

/// A codec that hangs cannot be stopped, only left: the process goes, its supervisor starts a new
/// one, and the job counts as having taken a worker down.
void end_stuck_process(const std::string& why) {
  constexpr int stuck_exit_code = 70;
  spdlog::critical("ending this worker process: {}", why);
  spdlog::default_logger()->flush();
  std::_Exit(stuck_exit_code);
}

/// One for each slot; the worker reads what the slot's threads write.
using CpuMeters = std::vector<std::shared_ptr<actors::CpuMeter>>;

CpuMeters make_meters(std::uint32_t slots) {
  CpuMeters meters(slots);
  for (auto& meter : meters)
    meter = std::make_shared<actors::CpuMeter>();
  return meters;
}

/// One for each slot, and behind them one for each source fetcher, for the worker to reach who
/// blocks.
using TaskStops = std::vector<std::shared_ptr<actors::TaskStop>>;

TaskStops make_stops(std::size_t count) {
  TaskStops stops(count);
  for (auto& stop : stops)
    stop = std::make_shared<actors::TaskStop>();
  return stops;
}

/// How a slot comes by the files of its tasks.
using MakeFiles = std::function<std::shared_ptr<actors::TaskFiles>()>;

/// Those of the folder here, or where there is none those of the coordinator. The error says what
/// is wrong with the folder.
tl::expected<MakeFiles, std::string> make_files(const WorkerChildCommand& command) {
  const auto& config = command.config;
  if (!command.data_port) {
    auto blobs = persistence::open_file_blob_store(config.storage_path);
    if (!blobs) return tl::unexpected(blobs.error().message);
    auto reserved = persistence::open_file_blob_store(config.storage_path, config.storage_reserve);
    if (!reserved) return tl::unexpected(reserved.error().message);
    return [all = std::shared_ptr<persistence::BlobStore>{std::move(*blobs)},
            originals = std::shared_ptr<persistence::BlobStore>{std::move(*reserved)}] {
      return std::make_shared<actors::LocalTaskFiles>(all, originals);
    };
  }
  const auto scratch = open_scratch_folder(config.storage_path);
  if (!scratch) return tl::unexpected(scratch.error());
  return [transfer = config.transfer, port = *command.data_port, scratch = *scratch] {
    return std::make_shared<actors::RemoteTaskFiles>(transfer, port, scratch);
  };
}

/// By one worker process.
std::uint32_t fetches_at_once(const Config& config) {
  return config.source.enabled ? config.source.at_once : 0;
}

actors::WorkerNodeActor spawn_worker(caf::actor_system& system, const WorkerChildCommand& command,
                                     const jobs::WorkerId& id, const CpuMeters& meters,
                                     const TaskStops& stops,
                                     std::shared_ptr<const actors::SupervisionRecord> supervision,
                                     imaging::BlockCache& pixels, StopRequest& stop) {
  auto options = command.config.worker;
  options.memory = worker_memory(command.config, available_memory(), 1);
  options.fetches = fetches_at_once(command.config);
  auto worker = system.spawn(
      actors::worker,
      actors::WorkerConfig{
          .id = id,
          .options = options,
          .connect = actors::connect_over_network(command.join.host, command.join.port),
          .stuck = end_stuck_process,
          .cpu_time = [meters](std::size_t slot) { return meters.at(slot)->used(); },
          .cancel = [stops](std::size_t slot,
                            const jobs::LeaseToken& task) { stops.at(slot)->cancel(task); },
          .idle = [&pixels] { pixels.release(); },
          .supervision = std::move(supervision),
          .node = command.node,
          .queues = command.queues,
          .version = std::string{version()},
          .reaches_files = !command.data_port});
  worker->attach_functor([&stop](const caf::error& reason) {
    stop.ask({reason ? 1 : 0, "the worker actor ended"});
  });
  return worker;
}

actors::SourceFetcherConfig fetcher_config(const Config& config,
                                           const actors::WorkerNodeActor& worker,
                                           const jobs::WorkerId& id) {
  // Checked with the configuration.
  auto allowed = net::AddressBlock::parse_list(config.source.allow).value();
  auto denied = net::AddressBlock::parse_list(config.source.deny).value();
  outbound::WebLimits limits;
  limits.user_agent = fmt::format("darkroom/{}", version());
  return actors::SourceFetcherConfig{
      .worker = id,
      .files = nullptr,
      .client = std::make_shared<outbound::WebClient>(
          net::AddressGuard{std::move(allowed), std::move(denied)}, std::move(limits)),
      .options = config.source,
      .max_bytes = config.http.max_upload_bytes,
      .limits = original_limits(config),
      .backend = &chosen_backend(config),
      .stop = nullptr,
      .reports_to = worker};
}

std::deque<WorkerSlot> make_slots(const Config& config, const actors::WorkerNodeActor& worker,
                                  const jobs::WorkerId& id, const CpuMeters& meters,
                                  const TaskStops& stops, const MakeFiles& files) {
  actors::TaskRunnerConfig runner_config{
      .worker = id,
      .files = nullptr,
      .limits = config.limits,
      .backend = &chosen_backend(config),
      .operation_timeout = config.worker.job_timeout + operation_margin,
      .reservation_timeout = config.worker.slots * config.worker.job_timeout + operation_margin,
      .cpu = nullptr,
      .stop = nullptr,
      .reports_to = worker};
  std::deque<WorkerSlot> slots;
  for (std::uint32_t i = 0; i < config.worker.slots; ++i) {
    runner_config.files = files();
    runner_config.cpu = meters.at(i);
    runner_config.stop = stops.at(i);
    slots.emplace_back(i, worker, runner_config);
  }
  return slots;
}

/// The source fetchers of this process; they need no more of each other than the supervisor.
std::vector<actors::ChildSpec> make_fetchers(const Config& config,
                                             const actors::WorkerNodeActor& worker,
                                             const jobs::WorkerId& id, const TaskStops& stops,
                                             const MakeFiles& files) {
  std::vector<actors::ChildSpec> children;
  if (fetches_at_once(config) == 0) return children;
  auto fetcher = fetcher_config(config, worker, id);
  for (std::uint32_t i = 0; i < fetches_at_once(config); ++i) {
    fetcher.files = files();
    fetcher.stop = stops.at(std::size_t{config.worker.slots} + i);
    children.push_back({.name = fmt::format("source-fetcher-{}", i),
                        .start = [i, worker, fetcher](caf::actor_system& system) {
                          auto started =
                              system.spawn<caf::detached>(actors::source_fetcher, fetcher);
                          caf::anon_send(worker, atom::fetcher_v, i, started);
                          return caf::actor_cast<caf::strong_actor_ptr>(started);
                        }});
  }
  return children;
}

actors::SupervisorActor spawn_supervisor(caf::actor_system& system, const Config& config,
                                         const jobs::WorkerId& id, std::deque<WorkerSlot>& slots,
                                         std::vector<actors::ChildSpec> children,
                                         std::shared_ptr<actors::SupervisionRecord> supervision,
                                         StopRequest& stop) {
  for (auto& slot : slots) {
    for (auto& child : slot.children())
      children.push_back(std::move(child));
  }
  const auto escalate = [&stop](const std::string& text) { stop.ask({1, text}); };
  auto supervisor = system.spawn(actors::supervisor,
                                 actors::SupervisorOptions{.name = id.name,
                                                           .policy = config.supervisor,
                                                           .record = std::move(supervision),
                                                           .escalate = escalate},
                                 std::move(children));
  supervisor->attach_functor([&stop] { stop.ask({1, "the supervisor ended"}); });
  return supervisor;
}

/// Everything between start and stop. Returns the exit code; by then all that was made is gone.
int work_until_stopped(const WorkerChildCommand& command, const jobs::WorkerId& id,
                       const MakeFiles& files, imaging::BlockCache& pixels, StopRequest& stop,
                       std::optional<ShutdownWatchdog>& watchdog) {
  const Config& config = command.config;
  NodeSystemConfig system_config;
  caf::actor_system system{system_config};
  const CpuMeters meters = make_meters(config.worker.slots);
  const TaskStops stops = make_stops(std::size_t{config.worker.slots} + fetches_at_once(config));
  const auto supervision = std::make_shared<actors::SupervisionRecord>(config.supervisor.calm);
  const auto worker = spawn_worker(system, command, id, meters, stops, supervision, pixels, stop);
  auto slots = make_slots(config, worker, id, meters, stops, files);
  const auto supervisor =
      spawn_supervisor(system, config, id, slots, make_fetchers(config, worker, id, stops, files),
                       supervision, stop);

  const auto reason = stop.wait();
  spdlog::debug("stopping: {}", reason.text);
  const auto drain_time = config.worker.drain_timeout + stop_times::leave;
  watchdog.emplace(drain_time + stop_times::worker_actors, reason.exit_code);
  const bool stopped =
      stop_actor(system, caf::actor_cast<caf::strong_actor_ptr>(worker), drain_time) &&
      stop_actor(system, caf::actor_cast<caf::strong_actor_ptr>(supervisor),
                 stop_times::worker_actors);
  if (!stopped) {
    // A thread is busy with pixels that nobody waits for: the job was handed back.
    spdlog::default_logger()->flush();
    std::_Exit(reason.exit_code);
  }
  for (auto& slot : slots)
    slot.forget();
  return reason.exit_code;
}

}  // namespace

int run_worker_child(const WorkerChildCommand& command) {
  const auto& config = command.config;
  const jobs::WorkerId id{command.name, jobs::random_u64()};
  configure_logging(config.log_level, config.log_format, id.name);
  die_with_parent(command.parent);
  confine_worker();
  return_memory_early();
  // Of a photograph of 20 megapixels all of it; those of larger ones cost their page faults.
  constexpr std::size_t most_kept = std::size_t{64} << 20U;
  imaging::BlockCache pixels{most_kept};
  std::pmr::set_default_resource(&pixels);
  StopRequest stop;
  const SignalThread signals{stop};
  std::optional<ShutdownWatchdog> watchdog;
  const auto files = make_files(command);
  if (!files) {
    spdlog::error("cannot start: {}", files.error());
    return 1;
  }
  return work_until_stopped(command, id, *files, pixels, stop, watchdog);
}

}  // namespace darkroom::nodes
