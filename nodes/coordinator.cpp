#include "nodes/coordinator.hpp"

#include <atomic>
#include <memory>
#include <utility>

#include <caf/io/middleman.hpp>
#include <caf/send.hpp>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "actors/ingest.hpp"
#include "actors/janitor.hpp"
#include "actors/job_registry.hpp"
#include "actors/worker_process.hpp"
#include "nodes/command_line.hpp"
#include "nodes/queue_settings.hpp"
#include "nodes/stop_times.hpp"
#include "nodes/worker_memory.hpp"

namespace darkroom::nodes {
namespace {

constexpr const char* loopback = "127.0.0.1";

/// Children that lean on others stop before them.
constexpr std::size_t registry_stage = 0;
constexpr std::size_t service_stage = 1;
constexpr std::size_t worker_stage = 2;

}  // namespace

Coordinator::Coordinator(const Config& config, Stores stores, actors::IngestClient& client)
    : config_(config), stores_(std::move(stores)), client_(client) {
  port_ = config_.node.join;
  config_.registry.leases_are_dead = std::make_shared<std::atomic<bool>>(true);
  config_.registry.queue_retry = queue_policies(config_);
  const bool share = config_.worker.memory == 0;
  config_.worker.memory = worker_memory(config_, available_memory());
  spdlog::info("memory: {} MiB for the jobs of each worker process{}", config_.worker.memory >> 20U,
               share ? ", a share of the machine's" : "");
}

std::vector<actors::ChildSpec> Coordinator::children() {
  std::vector<actors::ChildSpec> children;
  children.push_back({.name = "job-registry",
                      .start = [this](caf::actor_system& s) { return start_registry(s); },
                      .stage = registry_stage});
  children.push_back({.name = "ingest",
                      .start = [this](caf::actor_system& s) { return start_ingest(s); },
                      .stage = service_stage});
  children.push_back({.name = "janitor",
                      .start = [this](caf::actor_system& s) { return start_janitor(s); },
                      .stage = service_stage});
  for (std::uint32_t i = 1; i <= worker_count(config_); ++i) {
    auto name = "local-" + std::to_string(i);
    children.push_back(
        {.name = name,
         .start = [this, name](caf::actor_system& s) { return start_worker(s, name); },
         .stage = worker_stage,
         // Pictures take workers down, and that must not take the service down.
         .vital = false,
         .stop_timeout = config_.worker.drain_timeout + stop_times::worker_exit});
  }
  return children;
}

void Coordinator::forget() {
  registry_ = nullptr;
  ingest_ = nullptr;
  janitor_ = nullptr;
  workers_.clear();
}

caf::strong_actor_ptr Coordinator::start_registry(caf::actor_system& system) {
  if (registry_ && port_ != 0) (void)system.middleman().unpublish(registry_, port_);
  registry_ = system.spawn<caf::detached>(actors::job_registry, stores_.jobs, config_.registry,
                                          jobs::WallClock{jobs::system_now});
  try {
    introduce_registry(system);
  } catch (...) {
    // Or there would be two, once another is started: a start that threw has failed.
    caf::anon_send_exit(registry_, caf::exit_reason::kill);
    throw;
  }
  return caf::actor_cast<caf::strong_actor_ptr>(registry_);
}

void Coordinator::introduce_registry(caf::actor_system& system) {
  publish_registry(system);
  if (ingest_) {
    caf::anon_send(ingest_, atom::registry_v, actors::ClientRegistryActor{registry_});
  }
  if (janitor_) {
    caf::anon_send(janitor_, atom::registry_v, actors::JanitorRegistryActor{registry_});
    caf::anon_send(registry_, atom::janitor_v, actors::BlobRemoverActor{janitor_});
  }
  for (const auto& [name, worker] : workers_)
    caf::anon_send(worker, atom::registry_v, actors::AttendanceActor{registry_});
}

void Coordinator::publish_registry(caf::actor_system& system) {
  // The same port at each restart, so that workers find the new registry where the old one was.
  const auto port =
      system.middleman().publish(actors::WorkerRegistryActor{registry_}, port_, loopback, true);
  if (!port) {
    // Without the port no worker can join; so this start has failed, and the next one tries again.
    spdlog::error("the node port cannot be opened: {}", system.render(port.error()));
    caf::anon_send_exit(registry_, caf::exit_reason::user_shutdown);
    return;
  }
  port_ = *port;
}

caf::strong_actor_ptr Coordinator::start_ingest(caf::actor_system& system) {
  ingest_ = system.spawn(actors::ingest, config_.presets, config_.registry.ttl,
                         jobs::WallClock{jobs::system_now},
                         actors::MemoryLimit{&chosen_backend(config_), config_.limits.max_memory});
  caf::anon_send(ingest_, atom::registry_v, actors::ClientRegistryActor{registry_});
  if (janitor_) caf::anon_send(ingest_, atom::janitor_v, actors::SweepActor{janitor_});
  client_.use(ingest_);
  return caf::actor_cast<caf::strong_actor_ptr>(ingest_);
}

caf::strong_actor_ptr Coordinator::start_janitor(caf::actor_system& system) {
  janitor_ = system.spawn<caf::detached>(actors::janitor, stores_.blobs, stores_.jobs,
                                         config_.janitor, jobs::WallClock{jobs::system_now});
  caf::anon_send(janitor_, atom::registry_v, actors::JanitorRegistryActor{registry_});
  caf::anon_send(registry_, atom::janitor_v, actors::BlobRemoverActor{janitor_});
  caf::anon_send(ingest_, atom::janitor_v, actors::SweepActor{janitor_});
  return caf::actor_cast<caf::strong_actor_ptr>(janitor_);
}

caf::strong_actor_ptr Coordinator::start_worker(caf::actor_system& system,
                                                const std::string& name) {
  // The link, not what it points to: it leads to this very program even after an upgrade has
  // replaced or removed the file.
  constexpr const char* this_program = "/proc/self/exe";
  std::vector<std::string> arguments{
      "darkroom",       "worker",
      "--config=none",  std::string{"--join="} + loopback + ":" + std::to_string(port_),
      "--name=" + name, "--parent=" + std::to_string(getpid())};
  const auto settings = to_arguments(config_);
  arguments.insert(arguments.end(), settings.begin(), settings.end());
  // On a thread of its own: its end waits for the process's.
  auto worker = system.spawn<caf::detached>(
      actors::worker_process,
      actors::WorkerProcessOptions{.worker = name,
                                   .program = this_program,
                                   .arguments = std::move(arguments),
                                   .lease = config_.registry.lease,
                                   .silent_leases = config_.worker.silent_leases});
  caf::anon_send(worker, atom::registry_v, actors::AttendanceActor{registry_});
  workers_.insert_or_assign(name, worker);
  return caf::actor_cast<caf::strong_actor_ptr>(worker);
}

}  // namespace darkroom::nodes
