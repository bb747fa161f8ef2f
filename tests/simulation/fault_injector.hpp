#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "tests/simulation/service_node.hpp"
#include "tests/simulation/worker_node.hpp"
#include "tests/simulation/world.hpp"

namespace darkroom::simulation {

/// Makes the faults of the plan happen, and ends them all.
class FaultInjector {
 public:
  FaultInjector(World& world, ServiceNode& service,
                std::vector<std::unique_ptr<WorkerNode>>& workers);

  void begin();
  /// No more faults; what stands still goes on, disks take writes, the clock is right.
  void end();

 private:
  /// Has `fault` happen again and again, with this mean time between; never where it is zero.
  void repeat(std::chrono::milliseconds mean, const std::function<void()>& fault);
  [[nodiscard]] WorkerNode& any_worker();
  void fail_job_store();
  void fail_blob_store();

  World& world_;
  ServiceNode& service_;
  std::vector<std::unique_ptr<WorkerNode>>& workers_;
};

}  // namespace darkroom::simulation
