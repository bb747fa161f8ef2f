#include "nodes/worker_node.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include "actors/autoscaler.hpp"
#include "actors/registry_link.hpp"
#include "actors/supervisor.hpp"
#include "jobs/random.hpp"
#include "nodes/allocator.hpp"
#include "nodes/files_place.hpp"
#include "nodes/logging.hpp"
#include "nodes/node_connector.hpp"
#include "nodes/node_name.hpp"
#include "nodes/node_system.hpp"
#include "nodes/open_files.hpp"
#include "nodes/processor_count.hpp"
#include "nodes/queue_warnings.hpp"
#include "nodes/scratch_folder.hpp"
#include "nodes/shutdown_watchdog.hpp"
#include "nodes/signals.hpp"
#include "nodes/stop_actor.hpp"
#include "nodes/stop_request.hpp"
#include "nodes/stop_times.hpp"
#include "nodes/version.hpp"
#include "nodes/worker_memory.hpp"
#include "nodes/worker_pool.hpp"

namespace darkroom::nodes {
namespace {

/// Slots that were not needed for so long go.
constexpr std::chrono::seconds calm_before_shrinking{30};

constexpr std::size_t link_stage = 0;
constexpr std::size_t worker_stage = 1;

/// What autoscaling may do on this machine: no more slots than it has cores, nor than its memory
/// has room for.
SlotRange within_machine(SlotRange slots, const Config& config) {
  if (slots.min == slots.max) return slots;
  const auto of_one = config.worker.memory > 0 ? config.worker.memory : config.limits.max_memory;
  const auto by_memory = std::max<std::uint64_t>(available_memory() / 2 / of_one, 1);
  const auto most = std::min<std::uint64_t>({slots.max, processor_count(), by_memory});
  if (most < slots.max) {
    spdlog::warn(
        "--autoscale: at most {} slots, not {}: this machine has {} cores, and memory for {}", most,
        slots.max, processor_count(), by_memory);
  }
  slots.max = static_cast<std::uint32_t>(most);
  slots.min = std::min(slots.min, slots.max);
  return slots;
}

/// The actors of a worker node. Used by the supervisor alone, one call at a time.
class WorkerNode {
 public:
  /// `stop` is called with what keeps the node from working at all.
  WorkerNode(const WorkerCommand& command, jobs::WorkerId id, SlotRange slots,
             const NodeConnector& connector, std::function<void(const std::string&)> stop)
      : command_(command),
        id_(std::move(id)),
        slots_(slots),
        connector_(connector),
        stop_(std::move(stop)),
        pool_(command.config, {.prefix = id_.name + '-',
                               .node = id_.name,
                               .count = std::max(slots.max, 1U),
                               .running = slots.min,
                               .queues = command.queues}) {}

  std::vector<actors::ChildSpec> children() {
    std::vector<actors::ChildSpec> children;
    children.push_back({.name = "registry-link",
                        .start = [this](caf::actor_system& s) { return start_link(s); },
                        .stage = link_stage});
    for (auto& worker : pool_.children(worker_stage))
      children.push_back(std::move(worker));
    if (slots_.min < slots_.max) {
      children.push_back({.name = "autoscaler",
                          .start = [this](caf::actor_system& s) { return start_autoscaler(s); },
                          .stage = worker_stage});
    }
    return children;
  }

  void forget() {
    link_ = nullptr;
    autoscaler_ = nullptr;
    pool_.forget();
  }

 private:
  caf::strong_actor_ptr start_link(caf::actor_system& system) {
    actors::RegistryLinkConfig config;
    config.hello.node = id_;
    config.hello.role = actors::NodeRole::worker;
    config.hello.version = version();
    config.hello.queues = command_.queues;
    config.hello.starts_on_demand = slots_.min == 0;
    config.connect = connector_.link();
    config.timeout = command_.config.backend_timeout;
    config.enlisted = [this](const actors::NodeWelcome& welcome) { open(welcome); };
    link_ = system.spawn(actors::registry_link, std::move(config));
    pool_.use(actors::AttendanceActor{link_});
    if (autoscaler_) caf::anon_send(autoscaler_, atom::registry_v, actors::DemandActor{link_});
    return caf::actor_cast<caf::strong_actor_ptr>(link_);
  }

  caf::strong_actor_ptr start_autoscaler(caf::actor_system& system) {
    autoscaler_ = system.spawn(
        actors::autoscaler,
        actors::AutoscalerConfig{.query = {.node = id_.name,
                                           .queues = command_.queues,
                                           .fetches = command_.config.source.enabled},
                                 .scaler = jobs::Autoscaler{{.min = slots_.min, .max = slots_.max},
                                                            calm_before_shrinking},
                                 .apply = [this](std::uint32_t slots) { pool_.scale_to(slots); }});
    caf::anon_send(autoscaler_, atom::registry_v, actors::DemandActor{link_});
    pool_.scale_to(slots_.min);
    return caf::actor_cast<caf::strong_actor_ptr>(autoscaler_);
  }

  /// On the link's thread.
  void open(const actors::NodeWelcome& welcome) {
    const auto& config = command_.config;
    for (const auto& warning : queue_warnings(command_.queues, welcome.queues))
      spdlog::warn("{}", warning);
    WorkerPool::Place place{.control_port = connector_.control_port(),
                            .data_port = {},
                            .storage_path = config.storage_path};
    if (config.worker_files == WorkerFiles::automatic && reaches(welcome.files)) {
      place.storage_path = welcome.files.path;
      spdlog::info("files are read and written in {}", welcome.files.path);
    } else {
      // Its processes would find the same, one after the other, for ever.
      if (const auto scratch = open_scratch_folder(config.storage_path); !scratch) {
        stop_(scratch.error());
        return;
      }
      place.data_port = connector_.data_port();
      spdlog::info("files are fetched from the coordinator, and sent to it");
    }
    pool_.open(place);
  }

  const WorkerCommand& command_;
  jobs::WorkerId id_;
  SlotRange slots_;
  const NodeConnector& connector_;
  std::function<void(const std::string&)> stop_;
  WorkerPool pool_;
  actors::RegistryLinkActor link_;
  actors::AutoscalerActor autoscaler_;
};

/// Two tunnels for each slot, of two sockets each, and one for the node.
std::uint64_t open_files_of_worker_node(const WorkerCommand& command) {
  constexpr std::uint64_t of_each_slot = 8;
  constexpr std::uint64_t others = 128;
  return of_each_slot * command.slots.max + others;
}

int work_until_stopped(const WorkerCommand& command, const jobs::WorkerId& id, StopRequest& stop,
                       std::optional<ShutdownWatchdog>& watchdog) {
  const Config& config = command.config;
  // Where it may turn out that the coordinator's folder is used, that is seen once it is reached.
  if (config.worker_files != WorkerFiles::automatic) {
    if (const auto scratch = open_scratch_folder(config.storage_path); !scratch) {
      spdlog::error("cannot start: {}", scratch.error());
      return 1;
    }
  }
  const auto connector = NodeConnector::open(config, command.join, id.name);
  if (!connector) {
    spdlog::error("cannot start: {}", connector.error());
    return 1;
  }
  if (const auto allowed = allow_open_files(open_files_of_worker_node(command)); !allowed) {
    spdlog::error("cannot start: {}", allowed.error());
    return 1;
  }
  NodeSystemConfig system_config;
  caf::actor_system system{system_config};
  const auto slots = within_machine(command.slots, config);
  WorkerCommand settled = command;
  settled.config.worker.memory = worker_memory(config, available_memory(), std::max(slots.max, 1U));
  const auto escalate = [&stop](const std::string& text) { stop.ask({1, text}); };
  WorkerNode node{settled, id, slots, **connector, [escalate](const std::string& why) {
                    spdlog::error("cannot work: {}", why);
                    escalate("this node cannot work");
                  }};
  const auto supervisor =
      // On a thread of its own: starting processes blocks.
      system.spawn<caf::detached>(
          actors::supervisor,
          actors::SupervisorOptions{
              .name = id.name, .policy = config.supervisor, .record = {}, .escalate = escalate},
          node.children());
  supervisor->attach_functor([&stop] { stop.ask({1, "the supervisor ended"}); });

  const auto reason = stop.wait();
  spdlog::info("stopping: {}", reason.text);
  const auto most = config.worker.drain_timeout + stop_times::worker_exit + stop_times::core;
  watchdog.emplace(most, 1);
  (void)stop_actor(system, caf::actor_cast<caf::strong_actor_ptr>(supervisor), most);
  node.forget();
  return reason.exit_code;
}

}  // namespace

int run_worker(const WorkerCommand& command) {
  const auto& config = command.config;
  offer_huge_pages_to_workers();
  const jobs::WorkerId id{node_name(command.name, config.node.tls), jobs::random_u64()};
  configure_logging(config.log_level, config.log_format, id.name);
  StopRequest stop;
  const SignalThread signals{stop};
  std::optional<ShutdownWatchdog> watchdog;
  spdlog::info("darkroom {} starting: {} slots node={} coordinator={}:{}", version(),
               command.slots.max, id.name, command.join.host, command.join.port);
  const int exit_code = work_until_stopped(command, id, stop, watchdog);
  spdlog::info("stopped");
  return exit_code;
}

}  // namespace darkroom::nodes
