#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "tools/latencies.hpp"

namespace darkroom::tools {

struct StoreOptions {
  /// How many finished jobs the store holds when it is measured; it grows from one to the next.
  std::vector<std::uint64_t> finished{1'000, 10'000, 100'000, 1'000'000, 5'000'000};
  std::uint64_t unfinished = 1'000;
  std::size_t samples = 2'000;      ///< Of each operation.
  std::filesystem::path directory;  ///< Where the store is made; empty: the current directory.
};

/// A store of one size.
struct StoreReport {
  std::uint64_t finished = 0;
  double fill_seconds = 0;           ///< From the size before.
  double open_ms = 0;                ///< Opening the store,
  double load_ms = 0;                ///< and reading the unfinished jobs.
  Latencies::Summary create;         ///< One job, committed and synced.
  Latencies::Summary get;            ///< A finished one, picked at random.
  Latencies::Summary first_page;     ///< The 50 newest.
  Latencies::Summary random_page;    ///< 50 from a random place.
  std::uint64_t resident_bytes = 0;  ///< Of the process, after all that.
  std::uint64_t disk_bytes = 0;
};

/// Measures the store of the service on a real disk at each of the sizes; `progress` hears of each
/// report as it comes.
[[nodiscard]] tl::expected<std::vector<StoreReport>, std::string> bench_store(
    const StoreOptions& options, const std::function<void(const StoreReport&)>& progress);

void write_store_heading(std::ostream& out);
void write_store_row(std::ostream& out, const StoreReport& report);
void write_store_json(std::ostream& out, const std::vector<StoreReport>& reports);

}  // namespace darkroom::tools
