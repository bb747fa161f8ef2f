#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "imaging/size.hpp"
#include "tools/machine_load.hpp"

namespace darkroom::tools {

struct ScaleOptions {
  std::vector<std::string> photos = {};   ///< Paths; none: a synthetic photograph.
  imaging::Size synthetic{2'725, 2'225};  ///< Its size.
  std::size_t jobs = 150;                 ///< In each run.
  std::uint32_t turns = 5;                ///< Of each number of workers.
  std::uint32_t workers = 2;              ///< Compared with one.
  std::filesystem::path directory = {};   ///< Where data goes; empty: the current directory.
  std::filesystem::path program = {};     ///< What is started; empty: darkroom, beside this one.
};

/// Jobs a second in each turn.
struct ScaleSeries {
  std::uint32_t workers = 0;
  std::vector<double> service;
  std::vector<double> pixels;  ///< The imaging code alone, on as many processes.
};

struct ScaleReport {
  std::string photos;
  ScaleSeries one;
  ScaleSeries many;
  MachineLoad load;
};

/// How much faster a full queue is worked off by several worker processes than by one; and what the
/// imaging code alone gains, which is what the machine has to give.
[[nodiscard]] tl::expected<ScaleReport, std::string> bench_scale(const ScaleOptions& options);

void write_scale_table(std::ostream& out, const ScaleReport& report);
void write_scale_json(std::ostream& out, const ScaleReport& report);

}  // namespace darkroom::tools
