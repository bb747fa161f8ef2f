#include "nodes/worker_slot.hpp"

#include <string>
#include <utility>

#include <caf/send.hpp>

#include "actors/compress.hpp"
#include "actors/resize.hpp"
#include "actors/thumbnail.hpp"

namespace darkroom::nodes {

WorkerSlot::WorkerSlot(std::uint32_t index, actors::WorkerNodeActor worker,
                       actors::TaskRunnerConfig config)
    : index_(index), worker_(std::move(worker)), config_(std::move(config)) {}

std::vector<actors::ChildSpec> WorkerSlot::children() {
  const auto name = [this](const char* what) {
    return what + std::string{"-"} + std::to_string(index_);
  };
  std::vector<actors::ChildSpec> children;
  children.push_back({.name = name("resize"), .start = [this](caf::actor_system& system) {
                        return started(
                            resize_, system.spawn<caf::detached>(
                                         actors::resize, std::cref(*config_.backend), config_.cpu));
                      }});
  children.push_back(
      {.name = name("compress"), .start = [this](caf::actor_system& system) {
         return started(compress_, system.spawn<caf::detached>(
                                       actors::compress, std::cref(*config_.backend), config_.cpu));
       }});
  children.push_back({.name = name("thumbnail"), .start = [this](caf::actor_system& system) {
                        return started(thumbnail_, system.spawn<caf::detached>(
                                                       actors::thumbnail,
                                                       std::cref(*config_.backend), config_.cpu));
                      }});
  // The runner comes last: it must not be given work before the others are there.
  children.push_back({.name = name("task-runner"),
                      .start = [this](caf::actor_system& system) { return start_runner(system); },
                      .stage = 1});
  return children;
}

void WorkerSlot::forget() {
  worker_ = nullptr;
  config_.reports_to = nullptr;
  resize_ = nullptr;
  compress_ = nullptr;
  thumbnail_ = nullptr;
  runner_ = nullptr;
}

caf::strong_actor_ptr WorkerSlot::started(actors::OperationActor& place,
                                          actors::OperationActor actor) {
  place = std::move(actor);
  tell_runner();
  return caf::actor_cast<caf::strong_actor_ptr>(place);
}

caf::strong_actor_ptr WorkerSlot::start_runner(caf::actor_system& system) {
  // What the one before had spent is not the next task's.
  config_.cpu->reset();
  runner_ = system.spawn<caf::detached>(actors::task_runner, config_);
  tell_runner();
  caf::anon_send(worker_, atom::runner_v, index_, runner_);
  return caf::actor_cast<caf::strong_actor_ptr>(runner_);
}

void WorkerSlot::tell_runner() const {
  if (!runner_) return;
  caf::anon_send(runner_, atom::operators_v, resize_, compress_, thumbnail_);
}

}  // namespace darkroom::nodes
