#include "actors/supervisor.hpp"

#include <algorithm>
#include <exception>
#include <string>
#include <utility>

#include <spdlog/spdlog.h>

namespace darkroom::actors {
namespace {

using Self = SupervisorActor::stateful_pointer<SupervisorState>;

/// Our own words where a child gave its reason in them, CAF's otherwise.
std::string describe(caf::actor_system& system, const caf::error& reason) {
  const auto& context = reason.context();
  if (context.match_elements<std::string>()) return context.get_as<std::string>(0);
  return system.render(reason);
}

}  // namespace

void SupervisorState::start_child(std::size_t index) {
  if (stopping) return;
  auto& child = children[index];
  child.limiter.started(self->clock().now());
  if (options.record) options.record->started(child.spec.name, self->clock().now());
  try {
    child.handle = child.spec.start(self->home_system());
  } catch (const std::exception& exception) {  // No thread or no memory to be had.
    restart_later(index, caf::make_error(caf::sec::runtime_error, std::string{exception.what()}));
    return;
  }
  // A child that is gone already is reported down as well, so that nothing is missed here.
  self->monitor(child.handle);
}

void SupervisorState::child_down(const caf::down_msg& down) {
  const auto found = std::ranges::find_if(children, [&](const Child& child) {
    return child.handle != nullptr && down.source == child.handle;
  });
  if (found == children.end()) return;
  found->handle = nullptr;
  if (stopping) {
    const bool stage_done = std::ranges::none_of(children, [&](const Child& child) {
      return child.handle != nullptr && child.spec.stage == stopping_stage;
    });
    if (stage_done) stop_next_stage();
    return;
  }
  restart_later(static_cast<std::size_t>(found - children.begin()), down.reason);
}

void SupervisorState::restart_later(std::size_t index, const caf::error& reason) {
  auto& child = children[index];
  auto wait = child.limiter.failed(self->clock().now());
  const auto why = describe(self->home_system(), reason);
  if (options.record) options.record->failed(child.spec.name, !wait);
  if (!wait && !child.spec.vital) {
    spdlog::error("{} keeps failing: {}", child.spec.name, why);
    wait = options.policy.max;
  }
  if (wait) {
    spdlog::warn("{} ended, restarting in {} ms: {}", child.spec.name, wait->count(), why);
    self->delayed_send(self, *wait, atom::restart_v, static_cast<std::uint64_t>(index));
    return;
  }
  const auto text = child.spec.name + " failed too often: " + why;
  spdlog::error("{} gives up: {}", options.name, text);
  if (options.escalate) options.escalate(text);
  begin_stop(caf::make_error(caf::sec::runtime_error, text));
}

void SupervisorState::begin_stop(caf::error reason) {
  if (stopping) return;
  stopping = true;
  exit_reason = std::move(reason);
  stop_next_stage();
}

void SupervisorState::stop_next_stage() {
  stopping_stage.reset();
  std::chrono::milliseconds timeout{0};
  for (const auto& child : children) {
    if (child.handle != nullptr && (!stopping_stage || child.spec.stage > *stopping_stage)) {
      stopping_stage = child.spec.stage;
    }
  }
  if (!stopping_stage) {
    self->quit(std::move(exit_reason));
    return;
  }
  for (const auto& child : children) {
    if (child.handle == nullptr || child.spec.stage != *stopping_stage) continue;
    self->send_exit(child.handle, caf::exit_reason::user_shutdown);
    timeout = std::max(timeout, child.spec.stop_timeout);
  }
  self->delayed_send(self, timeout, atom::tick_v, static_cast<std::uint64_t>(*stopping_stage));
}

void SupervisorState::kill_stage(std::size_t stage) {
  if (!stopping || stopping_stage != stage) return;
  for (const auto& child : children) {
    if (child.handle == nullptr || child.spec.stage != stage) continue;
    spdlog::warn("{} did not stop within {} ms and is killed", child.spec.name,
                 child.spec.stop_timeout.count());
    self->send_exit(child.handle, caf::exit_reason::kill);
  }
}

SupervisorActor::behavior_type supervisor(Self self, SupervisorOptions options,
                                          std::vector<ChildSpec> children) {
  auto& state = self->state;
  state.options = std::move(options);
  for (auto& spec : children) {
    state.children.push_back(
        {std::move(spec), jobs::RestartLimiter{state.options.policy}, nullptr});
  }
  self->set_down_handler([self](const caf::down_msg& down) { self->state.child_down(down); });
  self->set_exit_handler(
      [self](caf::exit_msg& exit) { self->state.begin_stop(std::move(exit.reason)); });
  for (std::size_t i = 0; i < state.children.size(); ++i)
    state.start_child(i);

  return {
      [self](atom::restart, std::uint64_t index) {
        if (index < self->state.children.size()) self->state.start_child(index);
      },
      [self](atom::tick, std::uint64_t stage) {
        self->state.kill_stage(static_cast<std::size_t>(stage));
      },
  };
}

}  // namespace darkroom::actors
