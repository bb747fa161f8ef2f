#include "tests/simulation/fault_injector.hpp"

#include <fmt/format.h>

namespace darkroom::simulation {
namespace {

using namespace std::chrono_literals;
using persistence::StoreErrorCode;

/// How often a store that does not sync by itself is synced all the same, as a kernel does.
constexpr std::chrono::milliseconds background_sync{5'000};

}  // namespace

FaultInjector::FaultInjector(World& world, ServiceNode& service,
                             std::vector<std::unique_ptr<WorkerNode>>& workers)
    : world_(world), service_(service), workers_(workers) {}

void FaultInjector::begin() {
  const auto& plan = world_.plan;
  auto& random = world_.random;
  repeat(plan.cut_every, [this] { any_worker().cut_connection(); });
  repeat(plan.worker_death_every, [this, &random] {
    auto& worker = any_worker();
    if (random.chance(0.3)) {
      worker.drain();
    } else {
      worker.die("it is killed");
    }
  });
  repeat(plan.worker_freeze_every,
         [this, &random] { any_worker().freeze(random.between(500ms, 20s)); });
  repeat(plan.coordinator_freeze_every,
         [this, &random] { service_.freeze(random.between(500ms, 12s)); });
  repeat(plan.registry_crash_every, [this] { service_.crash_registry(); });
  repeat(plan.service_crash_every, [this] { service_.crash(); });
  repeat(plan.power_cut_every, [this] { service_.cut_power(); });
  repeat(plan.store_failure_every, [this] { fail_job_store(); });
  repeat(plan.blob_failure_every, [this] { fail_blob_store(); });
  repeat(plan.clock_jump_every, [this, &random] {
    const auto by = random.between(-farthest_clock, farthest_clock);
    world_.trace.note(fmt::format("the wall clock is set {} ms off", by.count()));
    world_.wall.set_forth(by);
  });
  repeat(background_sync, [this] {
    world_.store->sync();
    world_.blobs->sync();
  });
}

void FaultInjector::end() {
  world_.trace.note("no more faults");
  world_.faults_on = false;
  world_.network.set_faults({});
  world_.store->fail_with(std::nullopt);
  world_.blobs->fail_with(std::nullopt);
  world_.wall.set_forth(0ms);
  service_.thaw();
  for (const auto& worker : workers_)
    worker->thaw();
}

void FaultInjector::repeat(std::chrono::milliseconds mean, const std::function<void()>& fault) {
  if (mean == 0ms) return;
  world_.system.after(world_.random.wait(mean), [this, mean, fault] {
    if (!world_.faults_on) return;
    fault();
    repeat(mean, fault);
  });
}

WorkerNode& FaultInjector::any_worker() {
  return *world_.random.one_of(workers_);
}

void FaultInjector::fail_job_store() {
  const auto code =
      world_.random.chance(0.5) ? StoreErrorCode::no_space : StoreErrorCode::unwritable;
  world_.trace.note("the job store refuses writes");
  world_.store->fail_with(persistence::StoreError{.code = code, .message = "the disk is full"});
  world_.system.after(world_.random.between(100ms, 8s), [this] {
    world_.trace.note("the job store takes writes");
    world_.store->fail_with(std::nullopt);
  });
}

void FaultInjector::fail_blob_store() {
  world_.trace.note("the blob store refuses writes");
  world_.blobs->fail_with(
      persistence::StoreError{.code = StoreErrorCode::no_space, .message = "the disk is full"});
  world_.system.after(world_.random.between(100ms, 8s), [this] {
    world_.trace.note("the blob store takes writes");
    world_.blobs->fail_with(std::nullopt);
  });
}

}  // namespace darkroom::simulation
