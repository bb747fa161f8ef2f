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

/// What was measured on one input.
struct BenchReport {
  std::string input;
  std::vector<BenchStep> steps;  ///< The last is the whole.
};

/// A table for people: least, median and most of each step.
void write_table(std::ostream& out, std::span<const BenchReport> reports);

/// The same as JSON, with each run's time.
void write_json(std::ostream& out, std::span<const BenchReport> reports);

}  // namespace darkroom::tools
