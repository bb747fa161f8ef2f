#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "tests/simulation/virtual_system.hpp"
#include "tests/simulation/world.hpp"

namespace darkroom::simulation {

/// One worker process: the real worker actor, with scripted runners. Started again some time after
/// its death, as another incarnation of the same name.
class WorkerNode {
 public:
  /// Told of the end of a process, by name, as the actor that owns it is.
  using Ended = std::function<void(const std::string& name)>;

  /// @param remote  On another machine, so that it outlives the service.
  /// @param queues  Whose jobs it takes; none: of all.
  WorkerNode(World& world, std::string name, bool remote, std::vector<std::string> queues);

  Ended ended = [](const std::string&) {};

  void start();
  /// Its process dies; another starts unless stop() was called.
  void die(const std::string& why, const std::optional<jobs::JobId>& culprit = {});
  /// It dies and is not started again, until start().
  void stop(const std::string& why);
  /// It stands still for a while.
  void freeze(std::chrono::milliseconds duration);
  void thaw();
  void cut_connection();
  /// As at SIGTERM: it finishes what it works on, and its process ends.
  void drain();

  [[nodiscard]] bool is_remote() const { return remote_; }

 private:
  void end_process(const std::string& why, const std::optional<jobs::JobId>& culprit);

  World& world_;
  std::string name_;
  bool remote_;
  std::vector<std::string> queues_;
  std::optional<VirtualSystem::Process> process_;  ///< None between two incarnations.
  caf::strong_actor_ptr worker_;
  bool wanted_ = false;
};

}  // namespace darkroom::simulation
