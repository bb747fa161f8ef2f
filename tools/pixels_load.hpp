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

/// Jobs a second of so many processes that do `jobs` in all; starting them does not count.
/// `folder` is for what they print.
[[nodiscard]] tl::expected<double, std::string> pixels_alone(
    const std::vector<std::filesystem::path>& photos, std::size_t jobs, std::size_t processes,
    const std::filesystem::path& folder);

}  // namespace darkroom::tools
