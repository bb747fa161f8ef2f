#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>

#include <tl/expected.hpp>

#include "tools/latencies.hpp"

namespace darkroom::tools {

struct QueueOptions {
  std::size_t jobs = 200'000;     ///< In each phase.
  std::size_t outstanding = 500;  ///< Creates that wait for their answer, at saturation.
  std::uint32_t workers = 8;
  std::uint32_t slots = 100;        ///< Of each worker.
  std::filesystem::path directory;  ///< Where the store is made; empty: the current directory.
};

/// One phase: so many jobs taken from their creation to their completion.
struct QueuePhase {
  double jobs_per_second = 0;
  double commits_per_second = 0;
  double changes_per_commit = 0;
  std::uint64_t largest_commit = 0;  ///< In changes.
  double cpu_seconds_per_1000_jobs = 0;
  Latencies::Summary create;  ///< From asking for a job to the durable answer.
  Latencies::Summary commit;  ///< Of the store: encoding, writing, syncing.
};

struct QueueReport {
  Latencies::Summary sync_4k;   ///< Of the disk itself, after 4 KiB,
  Latencies::Summary sync_64k;  ///< and after 64 KiB.
  QueuePhase saturated;         ///< As fast as it goes.
  QueuePhase half;              ///< At half that rate; latencies from when a create was due.
};

/// Drives the real job registry on a real RocksDB store. Only clients and workers are stubs: the
/// workers complete each task at once.
[[nodiscard]] tl::expected<QueueReport, std::string> bench_queue(const QueueOptions& options);

void write_queue_table(std::ostream& out, const QueueReport& report);
void write_queue_json(std::ostream& out, const QueueReport& report);

}  // namespace darkroom::tools
