#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "imaging/size.hpp"
#include "tools/latencies.hpp"
#include "tools/machine_load.hpp"
#include "tools/pixels_load.hpp"
#include "tools/service_load.hpp"

namespace darkroom::tools {

struct SystemOptions {
  /// Of a running service, such as http://127.0.0.1:8000; empty: one of this build is started.
  std::string url = {};
  int pid = 0;  ///< Of that service, where it runs on this machine; 0: nothing of its processes.
  std::vector<std::string> photos = {};   ///< Paths; none: a synthetic photograph.
  imaging::Size synthetic{2'725, 2'225};  ///< Its size.
  std::size_t jobs = 200;                 ///< In each of the two phases, and in each turn.
  std::uint32_t uploaders = 4;            ///< Connections that upload.
  Download download = Download::sample;
  std::uint32_t turns = 1;
  bool compare_pixels = false;
  std::uint32_t workers = 0;             ///< Of the service that is started; 0: one per core.
  std::filesystem::path directory = {};  ///< Where its data goes; empty: the current directory.
  std::filesystem::path program = {};    ///< What is started; empty: darkroom, beside this one.
};

/// What one process took for the jobs of a phase.
struct ProcessCost {
  std::string name;
  double cpu_ms_per_job = 0;
  std::uint64_t peak_memory = 0;  ///< Resident bytes, since it began.
};

struct SystemPhase {
  LoadResult load;
  std::vector<ProcessCost> processes;  ///< Empty where they cannot be seen.
  double bench_cpu_ms_per_job = 0;     ///< Of this program.

  [[nodiscard]] double service_cpu_ms_per_job() const;  ///< Of all its processes.
};

struct SystemTurn {
  SystemPhase saturated;
  /// Of the imaging code alone, on as many processes as the service has slots.
  std::optional<PixelsRate> pixels;
};

struct SystemReport {
  std::string service;  ///< Its URL.
  std::string photos;
  std::size_t slots = 0;          ///< Of the service's workers, as /readyz says.
  std::vector<SystemTurn> turns;  ///< As fast as it goes.
  SystemPhase half;               ///< At half the rate of the median turn.
  /// The most that the service's processes had at once, memory that they share counted once; 0
  /// where they cannot be seen.
  std::uint64_t memory = 0;
  MachineLoad load;

  [[nodiscard]] double jobs_per_second() const;  ///< Of the median turn.
  /// End to end by pixels alone, of the median turn.
  [[nodiscard]] std::optional<double> ratio() const;
  [[nodiscard]] bool has_errors() const;
};

/// Drives the HTTP API of a service: uploads, asks for the jobs until they are done, downloads
/// renditions and checks them.
[[nodiscard]] tl::expected<SystemReport, std::string> bench_system(const SystemOptions& options);

void write_system_table(std::ostream& out, const SystemReport& report);
void write_system_json(std::ostream& out, const SystemReport& report);

}  // namespace darkroom::tools
