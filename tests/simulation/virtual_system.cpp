#include "tests/simulation/virtual_system.hpp"

#include <algorithm>

#include <caf/exit_reason.hpp>
#include <caf/make_message.hpp>
#include <caf/system_messages.hpp>

#include "actors/message_block.hpp"

namespace darkroom::simulation {
namespace {

caf::scheduler::test_coordinator& test_scheduler(caf::actor_system& system) {
  return dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
}

const caf::resumable* as_resumable(const caf::strong_actor_ptr& actor) {
  return dynamic_cast<const caf::resumable*>(caf::actor_cast<caf::abstract_actor*>(actor));
}

}  // namespace

VirtualSystem::Config::Config() {
  actors::add_messages(*this);
  set("scheduler.policy", caf::atom("testing"));
}

VirtualSystem::VirtualSystem(SeededRandom& random, Trace& trace)
    : random_(random), trace_(trace), system_(config_), scheduler_(test_scheduler(system_)) {
  // Far from zero, so that a horizon in the past is one.
  scheduler_.clock().current_time = jobs::SteadyTime{std::chrono::hours{24}};
  trace_.set_time(now());
}

VirtualSystem::~VirtualSystem() {
  // Actions hold actors, and actors that still wait would never let the system end.
  kill_all();
  actions_.clear();
  scheduler_.clock().cancel_all();
}

void VirtualSystem::kill_all() {
  while (!processes_.empty())
    kill(processes_.begin()->first);
}

jobs::SteadyTime VirtualSystem::now() const {
  return scheduler_.clock().now();
}

void VirtualSystem::after(std::chrono::milliseconds delay, Action action) {
  actions_.emplace(now() + delay, std::move(action));
}

void VirtualSystem::enter(Process process, caf::strong_actor_ptr actor) {
  placed_.insert_or_assign(as_resumable(actor), Placed{process, ++last_number_});
  processes_[process].push_back(std::move(actor));
}

void VirtualSystem::kill(Process process) {
  thaw(process);
  const auto found = processes_.find(process);
  if (found == processes_.end()) return;
  const auto doomed = std::move(found->second);
  processes_.erase(found);
  end(doomed);
}

void VirtualSystem::kill(Process process, const caf::strong_actor_ptr& actor) {
  const bool was_frozen = is_frozen(process);
  thaw(process);
  auto& members = processes_[process];
  std::erase(members, actor);
  end({actor});
  if (was_frozen) freeze(process);
}

void VirtualSystem::end(const std::vector<caf::strong_actor_ptr>& doomed) {
  // Ahead of what waits in the mailboxes, and then out of turn.
  for (const auto& actor : doomed) {
    actor->enqueue(nullptr, caf::make_message_id(caf::message_priority::high),
                   caf::make_message(caf::exit_msg{actor->address(), caf::exit_reason::kill}),
                   nullptr);
  }
  const auto is_doomed = [&](const caf::resumable* job) {
    return std::ranges::any_of(
        doomed, [&](const caf::strong_actor_ptr& actor) { return as_resumable(actor) == job; });
  };
  scheduler_.run_jobs_filtered(is_doomed);
  for (const auto& actor : doomed)
    placed_.erase(as_resumable(actor));
}

void VirtualSystem::freeze(Process process) {
  if (is_alive(process)) frozen_.insert(process);
}

void VirtualSystem::thaw(Process process) {
  frozen_.erase(process);
  const auto held = held_.extract(process);
  if (held.empty()) return;
  for (auto* job : held.mapped())
    scheduler_.jobs.push_back(job);
}

void VirtualSystem::run_after_step() {
  // One may ask for another.
  while (!after_step_.empty()) {
    for (const auto& action : std::exchange(after_step_, {}))
      action();
  }
}

bool VirtualSystem::step() {
  auto& jobs = scheduler_.jobs;
  while (!jobs.empty()) {
    if (jobs.size() > 1) std::swap(jobs.front(), jobs[random_.below(jobs.size())]);
    const auto placed = placed_.find(jobs.front());
    if (placed != placed_.end()) {
      if (frozen_.contains(placed->second.process)) {
        held_[placed->second.process].push_back(jobs.front());
        jobs.pop_front();
        continue;
      }
      trace_.mix(placed->second.number);
    }
    scheduler_.run_once();
    ++steps_;
    run_after_step();
    return true;
  }
  return false;
}

void VirtualSystem::advance(jobs::SteadyTime limit) {
  auto next = limit;
  if (!actions_.empty()) next = std::min(next, actions_.begin()->first);
  const auto& timers = scheduler_.clock().schedule();
  if (!timers.empty()) next = std::min(next, timers.begin()->first);
  if (next > now()) scheduler_.advance_time(next - now());
  trace_.set_time(now());
  while (!actions_.empty() && actions_.begin()->first <= now()) {
    const auto action = actions_.extract(actions_.begin());
    action.mapped()();
    run_after_step();
  }
  // Without a move in time what is due does not go off by itself.
  if (!timers.empty() && timers.begin()->first <= now()) {
    scheduler_.advance_time(caf::timespan{0});
  }
}

bool VirtualSystem::run(std::chrono::milliseconds duration, const std::function<bool()>& done) {
  const auto limit = now() + duration;
  run_after_step();
  while (!done()) {
    if (step()) continue;
    if (now() >= limit) return false;
    advance(limit);
  }
  return true;
}

}  // namespace darkroom::simulation
