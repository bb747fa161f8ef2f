#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/janitor.hpp"
#include "actors/messages.hpp"
#include "tests/simulation/virtual_system.hpp"
#include "tests/simulation/worker_node.hpp"
#include "tests/simulation/world.hpp"

namespace darkroom::simulation {

/// The process of `darkroom serve`: the real registry, janitor and ingest actors on the simulated
/// stores, and the worker processes that are its children and die with it.
class ServiceNode {
 public:
  ServiceNode(World& world, std::vector<std::unique_ptr<WorkerNode>>& workers);

  void start();
  /// The process and its workers die, and start again after a while.
  void crash();
  /// So does the whole machine, and what was not synced is lost.
  void cut_power();
  /// The registry alone ends and is started again, as its supervisor does it.
  void crash_registry();
  void freeze(std::chrono::milliseconds duration);
  void thaw();

  /// Null while it is down.
  [[nodiscard]] const actors::IngestActor& ingest() const { return ingest_; }
  [[nodiscard]] const actors::JanitorActor& janitor() const { return janitor_; }
  [[nodiscard]] bool is_up() const { return process_.has_value() && bool{registry_}; }
  /// Counts processes: who waits for an answer of an earlier one has died with it.
  [[nodiscard]] std::uint64_t life() const { return life_; }

 private:
  void start_registry();
  void end_process(const char* why);
  void start_later();
  void tell_of_exit(const std::string& worker);
  [[nodiscard]] SimulatedJobStore::Fate fate_of_commit();

  World& world_;
  std::vector<std::unique_ptr<WorkerNode>>& workers_;
  std::optional<VirtualSystem::Process> process_;
  std::uint64_t life_ = 0;
  bool ending_ = false;
  std::shared_ptr<std::atomic<bool>> leases_are_dead_;
  actors::JobRegistryActor registry_;
  actors::IngestActor ingest_;
  actors::JanitorActor janitor_;
};

/// Of the janitor under simulation: old enough is after a few minutes, so that a run is short.
[[nodiscard]] actors::JanitorOptions janitor_options();

/// How far the wall clock is off, at most: less than half of what a blob's age must be, or one just
/// written might be taken for old.
inline constexpr std::chrono::milliseconds farthest_clock{std::chrono::minutes{2}};

}  // namespace darkroom::simulation
