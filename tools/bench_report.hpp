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
  std::vector<BenchStep> steps;  ///< The last is the whole.
  std::vector<BenchComparison> against;
};

/// A table for people: least, median and most of each step, and how many times the
/// CPU of each rival we take (ratio of the medians).
void write_table(std::ostream& out, std::span<const BenchReport> reports);

/// The same as JSON, with each run's time.
void write_json(std::ostream& out, std::span<const BenchReport> reports);

}  // namespace darkroom::tools
