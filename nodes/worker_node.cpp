#include "nodes/worker_node.hpp"

#include <array>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <caf/actor_system.hpp>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "actors/supervisor.hpp"
#include "actors/task_files.hpp"
#include "actors/task_stop.hpp"
#include "actors/worker.hpp"
#include "actors/worker_connection.hpp"
#include "imaging/backend.hpp"
#include "jobs/random.hpp"
#include "nodes/allocator.hpp"
#include "nodes/confinement.hpp"
#include "nodes/logging.hpp"
#include "nodes/node_system.hpp"
#include "nodes/parent_process.hpp"
#include "nodes/shutdown_watchdog.hpp"
#include "nodes/signals.hpp"
#include "nodes/stop_actor.hpp"
#include "nodes/stop_request.hpp"
#include "nodes/stop_times.hpp"
#include "nodes/worker_memory.hpp"
#include "nodes/worker_slot.hpp"
#include "persistence/blob_store.hpp"

namespace darkroom::nodes {
namespace {

/// An operation that hangs is the worker actor's to notice; its runner waits this much longer.
constexpr std::chrono::seconds operation_margin{10};

std::string default_name() {
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) host = {'w', 'o', 'r', 'k', 'e', 'r'};
  return std::string{host.data()} + "-" + std::to_string(getpid());
}

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

/// One for each slot, for the worker to reach a runner that blocks.
using TaskStops = std::vector<std::shared_ptr<actors::TaskStop>>;

TaskStops make_stops(std::uint32_t slots) {
  TaskStops stops(slots);
  for (auto& stop : stops)
    stop = std::make_shared<actors::TaskStop>();
  return stops;
}

actors::WorkerNodeActor spawn_worker(caf::actor_system& system, const WorkerCommand& command,
                                     const jobs::WorkerId& id, const CpuMeters& meters,
                                     const TaskStops& stops,
                                     std::shared_ptr<const actors::SupervisionRecord> supervision,
                                     StopRequest& stop) {
  auto options = command.config.worker;
  options.memory = worker_memory(command.config, available_memory());
  auto worker = system.spawn(
      actors::worker,
      actors::WorkerConfig{
          .id = id,
          .options = options,
          .connect = actors::connect_over_network(command.join_host, command.join_port),
          .stuck = end_stuck_process,
          .cpu_time = [meters](std::size_t slot) { return meters.at(slot)->used(); },
          .cancel = [stops](std::size_t slot,
                            const jobs::LeaseToken& task) { stops.at(slot)->cancel(task); },
          .supervision = std::move(supervision)});
  worker->attach_functor([&stop](const caf::error& reason) {
    stop.ask({reason ? 1 : 0, "the worker actor ended"});
  });
  return worker;
}

std::deque<WorkerSlot> make_slots(const Config& config, const actors::WorkerNodeActor& worker,
                                  const jobs::WorkerId& id, const CpuMeters& meters,
                                  const TaskStops& stops,
                                  const std::shared_ptr<persistence::BlobStore>& blobs) {
  actors::TaskRunnerConfig runner_config{
      .worker = id,
      .files = std::make_shared<actors::LocalTaskFiles>(blobs),
      .limits = config.limits,
      .backend = &chosen_backend(config),
      .operation_timeout = config.worker.job_timeout + operation_margin,
      .reservation_timeout = config.worker.slots * config.worker.job_timeout + operation_margin,
      .cpu = nullptr,
      .stop = nullptr,
      .reports_to = worker};
  std::deque<WorkerSlot> slots;
  for (std::uint32_t i = 0; i < config.worker.slots; ++i) {
    runner_config.cpu = meters.at(i);
    runner_config.stop = stops.at(i);
    slots.emplace_back(i, worker, runner_config);
  }
  return slots;
}

actors::SupervisorActor spawn_supervisor(caf::actor_system& system, const Config& config,
                                         const jobs::WorkerId& id, std::deque<WorkerSlot>& slots,
                                         std::shared_ptr<actors::SupervisionRecord> supervision,
                                         StopRequest& stop) {
  std::vector<actors::ChildSpec> children;
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
int work_until_stopped(const WorkerCommand& command, const jobs::WorkerId& id,
                       const std::shared_ptr<persistence::BlobStore>& blobs, StopRequest& stop,
                       std::optional<ShutdownWatchdog>& watchdog) {
  const Config& config = command.config;
  NodeSystemConfig system_config;
  caf::actor_system system{system_config};
  const CpuMeters meters = make_meters(config.worker.slots);
  const TaskStops stops = make_stops(config.worker.slots);
  const auto supervision = std::make_shared<actors::SupervisionRecord>(config.supervisor.calm);
  const auto worker = spawn_worker(system, command, id, meters, stops, supervision, stop);
  auto slots = make_slots(config, worker, id, meters, stops, blobs);
  const auto supervisor = spawn_supervisor(system, config, id, slots, supervision, stop);

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

int run_worker(const WorkerCommand& command) {
  const auto& config = command.config;
  const jobs::WorkerId id{command.name.empty() ? default_name() : command.name, jobs::random_u64()};
  configure_logging(config.log_level, config.log_format, id.name);
  if (command.parent != 0) die_with_parent(command.parent);
  confine_worker();
  return_memory_early();
  StopRequest stop;
  const SignalThread signals{stop};
  std::optional<ShutdownWatchdog> watchdog;
  auto blobs = persistence::open_file_blob_store(config.storage_path);
  if (!blobs) {
    spdlog::error("cannot start: {}", blobs.error().message);
    return 1;
  }
  return work_until_stopped(command, id, std::move(*blobs), stop, watchdog);
}

}  // namespace darkroom::nodes
