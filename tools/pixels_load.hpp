#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <tl/expected.hpp>

namespace darkroom::tools {

/// The imaging code alone, in one process: jobs of the default preset, one after the other.
struct PixelsLoadOptions {
  std::vector<std::string> photos;  ///< Paths, in turns.
  std::size_t jobs = 1;
  std::int64_t start_at_ns = 0;  ///< By the steady clock, so that several processes begin at once.
};

/// Prints when it began and ended, for pixels_alone() to read. Returns the exit code.
[[nodiscard]] int run_pixels_load(const PixelsLoadOptions& options);

struct PixelsRate {
  double jobs_per_second = 0;
  double cpu_ms_per_job = 0;
};

/// That of so many processes together, which do `jobs` in all; starting them does not count.
/// `folder` is for what they print.
[[nodiscard]] tl::expected<PixelsRate, std::string> pixels_alone(
    const std::vector<std::filesystem::path>& photos, std::size_t jobs, std::size_t processes,
    const std::filesystem::path& folder);

}  // namespace darkroom::tools
