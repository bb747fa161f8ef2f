#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include "jobs/timestamp.hpp"
#include "tests/simulation/seeded_random.hpp"
#include "tests/simulation/trace.hpp"

namespace darkroom::simulation {

/// Real actors in virtual time, on one thread: chance decides which actor with a message runs next,
/// and time moves only once all of them wait. Actors belong to processes, which can be killed
/// between any two messages, and frozen: then their messages and timers pile up.
class VirtualSystem {
 public:
  using Process = std::uint32_t;
  using Action = std::function<void()>;

  /// Of what belongs to no process that can die: the network and the clients.
  static constexpr Process outside = 0;

  VirtualSystem(SeededRandom& random, Trace& trace);
  ~VirtualSystem();
  VirtualSystem(const VirtualSystem&) = delete;
  VirtualSystem& operator=(const VirtualSystem&) = delete;

  [[nodiscard]] caf::actor_system& actors() { return system_; }
  [[nodiscard]] jobs::SteadyTime now() const;

  // -- actions of the simulation itself --

  /// Runs `action` this much later.
  void after(std::chrono::milliseconds delay, Action action);
  /// Runs `action` once the message under way has been handled: an actor cannot be killed from
  /// within its own handler.
  void after_step(Action action) { after_step_.push_back(std::move(action)); }

  // -- processes --

  [[nodiscard]] Process new_process() { return ++last_process_; }

  template <class Handle>
  Handle place(Process process, Handle actor) {
    enter(process, caf::actor_cast<caf::strong_actor_ptr>(actor));
    return actor;
  }

  /// Ends all actors of the process before any of them handles another message.
  void kill(Process process);
  /// Ends this actor alone.
  void kill(Process process, const caf::strong_actor_ptr& actor);
  /// Of all processes; nothing runs afterwards.
  void kill_all();
  void freeze(Process process);
  void thaw(Process process);
  [[nodiscard]] bool is_alive(Process process) const { return processes_.contains(process); }
  [[nodiscard]] bool is_frozen(Process process) const { return frozen_.contains(process); }

  /// Runs for so long, or until `done`, which is asked between any two steps; true where it was.
  bool run(std::chrono::milliseconds duration, const std::function<bool()>& done);

  [[nodiscard]] std::uint64_t steps() const { return steps_; }

 private:
  struct Config : caf::actor_system_config {
    Config();
  };
  struct Placed {
    Process process = outside;
    std::uint64_t number = 0;  ///< The same in each run of a seed, unlike addresses.
  };

  void enter(Process process, caf::strong_actor_ptr actor);
  void run_after_step();
  /// Lets one actor that is chosen by chance handle one message; false where none has any.
  bool step();
  /// Moves time to the next timer or action, at most to `limit`.
  void advance(jobs::SteadyTime limit);
  void end(const std::vector<caf::strong_actor_ptr>& doomed);

  SeededRandom& random_;
  Trace& trace_;
  Config config_;
  caf::actor_system system_;
  caf::scheduler::test_coordinator& scheduler_;
  std::map<Process, std::vector<caf::strong_actor_ptr>> processes_;
  std::unordered_map<const caf::resumable*, Placed> placed_;
  std::set<Process> frozen_;
  std::map<Process, std::vector<caf::resumable*>> held_;  ///< What waits for the thaw.
  std::multimap<jobs::SteadyTime, Action> actions_;
  std::vector<Action> after_step_;
  Process last_process_ = outside;
  std::uint64_t last_number_ = 0;
  std::uint64_t steps_ = 0;
};

}  // namespace darkroom::simulation
