#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "tools/latencies.hpp"
#include "tools/machine_load.hpp"

namespace darkroom::tools {

struct CoordinatorOptions {
  std::uint32_t nodes = 200;    ///< Simulated worker nodes.
  std::uint32_t processes = 2;  ///< That they are spread over.
  std::uint32_t slots = 2;      ///< Of each node.
  std::uint32_t seconds = 20;   ///< Measured, after those to warm up.
  std::uint32_t warm_up = 3;    ///< Seconds.
  std::size_t backlog = 5'000;  ///< Jobs that wait at any time.
  /// Jobs that wait before the nodes start, with none created after; 0: see `backlog`.
  std::size_t queued = 0;
  std::filesystem::path directory = {};  ///< Where the store is made; empty: the current directory.
};

struct CoordinatorReport {
  struct Second {
    double leases_per_second = 0;
    Latencies::Summary turnaround;
  };

  CoordinatorOptions options;
  double leases_per_second = 0;
  Latencies::Summary turnaround;  ///< From a node's report to the task that takes its place.
  std::vector<Second> by_second;
  Latencies::Summary heartbeat;         ///< From a node's sign of life to the answer.
  double coordinator_us_per_lease = 0;  ///< CPU time of the coordinator's process,
  double nodes_us_per_lease = 0;        ///< and of all the nodes' processes.
  /// The CPU time of each thread of the coordinator that took a hundredth of a core or more, as
  /// parts of a core; the busiest first.
  struct Thread {
    std::string name;
    double cores = 0;
  };
  std::vector<Thread> threads;
  std::uint64_t peak_memory = 0;  ///< Resident bytes of the coordinator.
  std::uint64_t nodes_lost = 0;   ///< Struck off, or their connections broke.
  std::uint64_t refused_reports = 0;
  std::uint64_t lost_leases = 0;
  MachineLoad load;
};

/// The service's own registry on its RocksDB store, every batch synced, and nothing else of the
/// service, in this process; the worker nodes are stubs in processes of their own, each with its
/// own connection over CAF's network transport. Jobs are created here as fast as they are finished,
/// or all of them before.
[[nodiscard]] tl::expected<CoordinatorReport, std::string> bench_coordinator(
    const CoordinatorOptions& options);

void write_coordinator_table(std::ostream& out, const CoordinatorReport& report);
void write_coordinator_json(std::ostream& out, const CoordinatorReport& report);

}  // namespace darkroom::tools
