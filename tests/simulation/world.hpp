#pragma once

#include <cstdint>
#include <memory>

#include "tests/simulation/checker.hpp"
#include "tests/simulation/fault_plan.hpp"
#include "tests/simulation/network.hpp"
#include "tests/simulation/seeded_random.hpp"
#include "tests/simulation/simulated_blob_store.hpp"
#include "tests/simulation/simulated_job_store.hpp"
#include "tests/simulation/trace.hpp"
#include "tests/simulation/virtual_system.hpp"
#include "tests/simulation/wall_time.hpp"

namespace darkroom::simulation {

/// What all parts of one run share.
struct World {
  World(std::uint64_t seed, Weakness weak);

  Weakness weakness;
  SeededRandom random;
  FaultPlan plan;
  Trace trace;
  VirtualSystem system;
  WallTime wall;
  Checker checker;
  std::shared_ptr<SimulatedBlobStore> blobs;  ///< The disk outlives the processes.
  std::shared_ptr<SimulatedJobStore> store;
  Network network;
  bool faults_on = true;

  [[nodiscard]] jobs::WallClock wall_clock() {
    return [this] { return wall.now(); };
  }
};

}  // namespace darkroom::simulation
