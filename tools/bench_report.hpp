#pragma once

#include <cstddef>
#include <iosfwd>
#include <span>
#include <string>
#include <vector>

namespace darkroom::tools {

/// One measured step: its CPU time in milliseconds in each run.
struct BenchStep {
  std::string name;
  std::vector<double> milliseconds;
};

/// The same work done by another library, in the same minutes.
struct BenchComparison {
  std::string name;  ///< With its version.
  std::vector<double> milliseconds;
};

/// What was measured on one input.
struct BenchReport {
  std::string input;
  std::vector<BenchStep> steps;       ///< The last is the whole.
  std::vector<double> entropy_floor;  ///< In milliseconds; of JPEG files only, else empty.
  std::vector<BenchComparison> against;
};

/// A table for people: least, median and most of each step, and which part of each rival's CPU time
/// we take (ratio of the medians, and that of the minima, which a busy machine disturbs less).
void write_table(std::ostream& out, std::span<const BenchReport> reports);

/// The same as JSON, with each run's time; docs/performance.md has its fields.
void write_json(std::ostream& out, std::span<const BenchReport> reports);

}  // namespace darkroom::tools
