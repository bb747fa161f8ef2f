#include <algorithm>
#include <chrono>

#include "tests/simulation/clients.hpp"

// Operators, who ask by the same way: they pause queues and drain workers, and tell the checker
// what the service has promised them.

namespace darkroom::simulation {
namespace {

using namespace std::chrono_literals;

constexpr auto shortest_stop = 500ms;
constexpr auto longest_stop = 10s;

/// And nobody has asked to resume it: the answer to the one may come after that.
bool is_stopped(const std::map<std::string, bool>& stopped, const std::string& name) {
  const auto found = stopped.find(name);
  return found != stopped.end() && !found->second;
}

}  // namespace

void Clients::operate() {
  const auto& plan = world_.plan;
  if (plan.pause_every > 0ms) {
    world_.system.after(world_.random.wait(plan.pause_every), [this] { pause_queues(); });
  }
  if (plan.drain_every > 0ms) {
    world_.system.after(world_.random.wait(plan.drain_every), [this] { drain_workers(); });
  }
}

void Clients::stop() {
  stopped_ = true;
  // Also where that is under way: a service that died in between answers nobody.
  for (const auto& [queue, resuming] : std::map{paused_})
    resume_queue(queue);
  for (const auto& [worker, resuming] : std::map{drained_})
    resume_worker(worker);
}

void Clients::pause_queues() {
  if (stopped_) return;
  const std::string queue = world_.random.chance(0.5) ? "media" : "default";
  if (paused_.try_emplace(queue, false).second) {
    ask<atom::done>(
        [this, queue](atom::done) {
          if (is_stopped(paused_, queue)) world_.checker.stop_acknowledged(queue);
        },
        [](const actors::ServiceError&) {}, atom::pause_v, queue, true);
    world_.system.after(world_.random.between(shortest_stop, longest_stop), [this, queue] {
      if (is_stopped(paused_, queue)) resume_queue(queue);
    });
  }
  world_.system.after(world_.random.wait(world_.plan.pause_every), [this] { pause_queues(); });
}

void Clients::resume_queue(const std::string& queue) {
  paused_[queue] = true;
  world_.checker.asked_to_resume(queue);
  ask<atom::done>([this, queue](atom::done) { paused_.erase(queue); },
                  [this, queue](const actors::ServiceError&) {
                    world_.system.after(500ms, [this, queue] { resume_queue(queue); });
                  },
                  atom::pause_v, queue, false);
}

void Clients::drain_workers() {
  if (stopped_) return;
  const auto worker = world_.random.one_of(world_.checker.workers());
  if (drained_.try_emplace(worker, false).second) {
    ask<actors::WorkerList>(
        [this, worker](const actors::WorkerList&) {
          if (is_stopped(drained_, worker)) world_.checker.stop_acknowledged(worker);
        },
        [](const actors::ServiceError&) {}, atom::drain_v, worker, true);
    world_.system.after(world_.random.between(shortest_stop, longest_stop), [this, worker] {
      if (is_stopped(drained_, worker)) resume_worker(worker);
    });
  }
  world_.system.after(world_.random.wait(world_.plan.drain_every), [this] { drain_workers(); });
}

void Clients::resume_worker(const std::string& worker) {
  drained_[worker] = true;
  world_.checker.asked_to_resume(worker);
  ask<actors::WorkerList>([this, worker](const actors::WorkerList&) { drained_.erase(worker); },
                          [this, worker](const actors::ServiceError& error) {
                            // It was not drained after all, and is away.
                            if (error.code == actors::ServiceErrorCode::unknown_worker) {
                              drained_.erase(worker);
                              return;
                            }
                            world_.system.after(500ms, [this, worker] { resume_worker(worker); });
                          },
                          atom::drain_v, worker, false);
}

}  // namespace darkroom::simulation
