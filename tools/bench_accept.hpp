#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "tools/accept_load.hpp"
#include "tools/machine_load.hpp"

namespace darkroom::tools {

struct AcceptOptions {
  std::vector<std::size_t> sizes{50'000, 800'000};     ///< Bytes of a file.
  std::vector<std::uint32_t> connections{1, 16, 256};  ///< At once.
  std::uint32_t seconds = 5;                           ///< Measured, of each.
  std::uint32_t turns = 1;                             ///< Of all of that; medians count.
  /// Clients that hold the service up, beside which the first size is uploaded; 0: not measured.
  std::size_t slow = 0;
  std::uint32_t workers = 0;             ///< Of the service that is started; 0: one per core.
  std::filesystem::path directory = {};  ///< Where its data goes; empty: the current directory.
  std::filesystem::path program = {};    ///< What is started; empty: darkroom, beside this one.
};

/// What one size on so many connections came to.
struct AcceptRow {
  std::size_t bytes = 0;
  std::uint32_t connections = 0;
  AcceptLoadResult idle;       ///< The queue is paused, so that no worker does anything.
  AcceptLoadResult saturated;  ///< All workers work, and more jobs wait than they do.
  double disk = 0;             ///< Files a second that the disk keeps by itself.
  double loopback = 0;         ///< Uploads a second that a server takes which throws them away.

  [[nodiscard]] double share_of_disk() const { return disk > 0 ? idle.per_second / disk : 0; }
  [[nodiscard]] double share_of_loopback() const {
    return loopback > 0 ? idle.per_second / loopback : 0;
  }
};

/// Normal uploads while slow clients are connected.
struct SlowClientsRow {
  std::size_t clients = 0;    ///< That were wanted.
  std::size_t connected = 0;  ///< At the end.
  std::uint64_t cut_off = 0;
  AcceptLoadResult without;  ///< Before they came.
  AcceptLoadResult with;
  AcceptLoadResult after;  ///< When they were gone.

  /// Of the medians: with them by the slower of those without, so that a machine that became busier
  /// meanwhile is not taken for their doing.
  [[nodiscard]] double times_as_long() const;
};

struct AcceptReport {
  AcceptOptions options;
  std::chrono::nanoseconds file_creation{0};  ///< Of an empty file, before all else.
  std::vector<AcceptRow> rows;
  std::optional<SlowClientsRow> slow;
  MachineLoad load;

  [[nodiscard]] bool has_errors() const;
};

/// How fast a service accepts uploads durably, and how near that is to what the disk and the
/// loopback network of this machine allow. Each figure is of a service of its own.
[[nodiscard]] tl::expected<AcceptReport, std::string> bench_accept(const AcceptOptions& options);

/// The row whose rate is the middle one, the lower of two. `turns` has at least one.
[[nodiscard]] AcceptRow median_row(std::vector<AcceptRow> turns);

void write_accept_table(std::ostream& out, const AcceptReport& report);
void write_accept_json(std::ostream& out, const AcceptReport& report);

}  // namespace darkroom::tools
