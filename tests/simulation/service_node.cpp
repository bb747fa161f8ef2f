#include "tests/simulation/service_node.hpp"

#include <utility>

#include <caf/send.hpp>

#include "actors/ingest.hpp"
#include "actors/job_registry.hpp"
#include "imaging/backend.hpp"
#include "jobs/rendition.hpp"
#include "tests/simulation/virtual_committer.hpp"

namespace darkroom::simulation {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t no_limit = 1'000'000;

actors::RegistryOptions registry_options(World& world, const std::function<bool()>& finishes) {
  actors::RegistryOptions options;
  // Small, so that bursts meet it.
  options.batch_limit = 8;
  if (world.weakness == Weakness::crashes) options.retry.crashes = no_limit;
  if (world.weakness == Weakness::attempts) options.retry.attempts = no_limit;
  if (world.weakness == Weakness::lease) options.lease = 1h;
  options.queue_weights = {{"media", 3}};
  options.new_token = [&world] {
    return jobs::LeaseToken{.high = world.random.next(), .low = world.random.next()};
  };
  options.random = [&world] { return world.random.fraction(); };
  if (world.plan.slow_commits) {
    options.new_committer = [&world, finishes](std::shared_ptr<persistence::JobStore> store,
                                               std::function<void()> written) {
      return std::make_unique<VirtualCommitter>(world.system, world.random, std::move(store),
                                                std::move(written), finishes);
    };
  }
  return options;
}

/// Says of every blob that nobody needs it, and passes all else on.
actors::JanitorRegistryActor::behavior_type careless_registry(
    actors::JanitorRegistryActor::pointer self, const actors::JanitorRegistryActor& registry) {
  return {[self, registry](atom::expire, std::uint32_t limit) {
            return self->delegate(registry, atom::expire_v, limit);
          },
          [self, registry](atom::due, std::uint32_t limit) {
            return self->delegate(registry, atom::due_v, limit);
          },
          [](atom::orphans, const actors::KeyList& keys) { return keys; },
          [self, registry](atom::records, std::uint32_t limit) {
            return self->delegate(registry, atom::records_v, limit);
          }};
}

/// Under the weakness `janitor` it sees no job, and believes a registry that sees none either.
std::shared_ptr<const persistence::JobStore> store_of_janitor(World& world) {
  if (world.weakness == Weakness::janitor) return persistence::make_memory_job_store();
  return world.store;
}

}  // namespace

actors::JanitorOptions janitor_options() {
  actors::JanitorOptions options;
  options.interval = 20s;
  options.orphan_age = 10min;
  options.batch = 10;
  return options;
}

ServiceNode::ServiceNode(World& world, std::vector<std::unique_ptr<WorkerNode>>& workers)
    : world_(world), workers_(workers) {
  world_.store->fate = [this] { return fate_of_commit(); };
  for (const auto& worker : workers_) {
    if (!worker->is_remote())
      worker->ended = [this](const std::string& name) { tell_of_exit(name); };
  }
}

void ServiceNode::start() {
  if (process_) return;
  auto& system = world_.system;
  world_.trace.note("the service starts");
  process_ = system.new_process();
  ++life_;
  leases_are_dead_ = std::make_shared<std::atomic<bool>>(true);
  const auto ttl = world_.plan.expiry ? std::chrono::milliseconds{30s}
                                      : std::chrono::milliseconds{std::chrono::hours{24 * 365}};
  ingest_ = system.place(
      *process_, system.actors().spawn(
                     actors::ingest, std::vector{jobs::default_preset()}, ttl, world_.wall_clock(),
                     actors::MemoryLimit{&imaging::fast_backend(), std::uint64_t{1} << 40U}));
  janitor_ = system.place(
      *process_,
      system.actors().spawn(actors::janitor, std::shared_ptr<persistence::BlobStore>{world_.blobs},
                            store_of_janitor(world_), janitor_options(), world_.wall_clock()));
  start_registry();
  for (const auto& worker : workers_)
    worker->start();
}

void ServiceNode::start_registry() {
  auto& system = world_.system;
  // Where the process dies, a batch under way may be written or not.
  auto options = registry_options(world_, [this] { return !ending_ || world_.random.chance(0.5); });
  options.leases_are_dead = leases_are_dead_;
  registry_ = system.place(
      *process_, system.actors().spawn(actors::job_registry,
                                       std::shared_ptr<persistence::JobStore>{world_.store},
                                       std::move(options), world_.wall_clock()));
  caf::anon_send(ingest_, atom::registry_v, actors::ClientRegistryActor{registry_});
  caf::anon_send(ingest_, atom::janitor_v, actors::SweepActor{janitor_});
  actors::JanitorRegistryActor asked = registry_;
  if (world_.weakness == Weakness::janitor) {
    asked = system.place(*process_, system.actors().spawn(careless_registry, asked));
  }
  caf::anon_send(janitor_, atom::registry_v, asked);
  caf::anon_send(registry_, atom::janitor_v, actors::BlobRemoverActor{janitor_});
  world_.network.listen(registry_);
}

void ServiceNode::tell_of_exit(const std::string& worker) {
  // Before the broken connection is noticed, or after; or never, where the registry is down.
  world_.system.after(world_.random.between(0ms, 400ms), [this, worker] {
    if (registry_) caf::anon_send(registry_, atom::exited_v, worker, std::string{"SIGKILL"});
  });
}

void ServiceNode::end_process(const char* why) {
  world_.trace.note(why);
  ++life_;
  registry_ = nullptr;
  ingest_ = nullptr;
  janitor_ = nullptr;
  world_.network.stop_listening();
  world_.blobs->set_killing(true);
  ending_ = true;
  world_.system.kill(*process_);
  ending_ = false;
  world_.blobs->set_killing(false);
  process_.reset();
  for (const auto& worker : workers_) {
    if (!worker->is_remote()) worker->stop("the service died");
  }
}

void ServiceNode::start_later() {
  world_.system.after(world_.random.between(100ms, 4s), [this] { start(); });
}

void ServiceNode::crash() {
  if (!process_) return;
  end_process("the service crashes");
  start_later();
}

void ServiceNode::cut_power() {
  if (!process_) return;
  end_process("the power is cut");
  world_.store->crash();
  world_.blobs->power_cut();
  start_later();
}

void ServiceNode::crash_registry() {
  if (!is_up()) return;
  world_.trace.note("the registry crashes");
  world_.network.stop_listening();
  world_.system.kill(*process_,
                     caf::actor_cast<caf::strong_actor_ptr>(std::exchange(registry_, nullptr)));
  world_.system.after(1s, [this, life = life_] {
    if (life != life_) return;
    world_.trace.note("the registry starts again");
    start_registry();
  });
}

void ServiceNode::freeze(std::chrono::milliseconds duration) {
  if (!process_) return;
  world_.trace.note("the service freezes");
  world_.system.freeze(*process_);
  world_.system.after(duration, [this, life = life_] {
    if (life == life_) thaw();
  });
}

void ServiceNode::thaw() {
  if (!process_ || !world_.system.is_frozen(*process_)) return;
  world_.trace.note("the service thaws");
  world_.system.thaw(*process_);
}

SimulatedJobStore::Fate ServiceNode::fate_of_commit() {
  using Fate = SimulatedJobStore::Fate;
  if (!world_.faults_on || !world_.random.chance(world_.plan.crash_in_commit)) {
    return Fate::normal;
  }
  // Nothing that the registry does after the commit may be seen: nobody outside of its process
  // handles a message before this does.
  world_.system.after_step([this] { cut_power(); });
  return world_.random.chance(0.5) ? Fate::crash_and_keep : Fate::crash_and_lose;
}

}  // namespace darkroom::simulation
