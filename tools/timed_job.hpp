#pragma once

#include <vector>

#include <tl/expected.hpp>

#include "imaging/backend.hpp"
#include "imaging/error.hpp"
#include "jobs/rendition.hpp"
#include "tools/bench_input.hpp"
#include "tools/bench_report.hpp"

namespace darkroom::tools {

/// One job, as imaging::run_pipeline does it, with the clock read between the steps: "decode"; of
/// each rendition NAME "NAME resample" and "NAME encode" (neither where it is made of the
/// original's coefficients) and "NAME", all of it; "job", the whole.
class TimedJob {
 public:
  /// All of them must outlive this.
  TimedJob(const BenchInput& input, const jobs::Preset& preset, const imaging::Backend& backend);

  [[nodiscard]] tl::expected<void, imaging::Error> run();

  /// The times of all runs; "job" is the last step.
  [[nodiscard]] const std::vector<BenchStep>& steps() const { return steps_; }
  /// What the last run made.
  [[nodiscard]] const std::vector<imaging::EncodedImage>& files() const { return files_; }

 private:
  const BenchInput& input_;
  const jobs::Preset& preset_;
  const imaging::Backend& backend_;
  std::vector<BenchStep> steps_;
  std::vector<imaging::EncodedImage> files_;
};

}  // namespace darkroom::tools
