#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "imaging/size.hpp"
#include "tools/bench_input.hpp"

namespace darkroom::tools {

/// The photographs that a service is measured with, in memory and as files.
struct PhotoFiles {
  std::vector<BenchInput> inputs;
  std::vector<std::filesystem::path> paths;  ///< Absolute.
  std::string description;
};

/// Those of the paths; without any, the synthetic photograph as JPEG, which is written to `folder`.
/// The error says which is no picture.
[[nodiscard]] tl::expected<PhotoFiles, std::string> open_photos(
    const std::vector<std::string>& paths, imaging::Size synthetic,
    const std::filesystem::path& folder);

}  // namespace darkroom::tools
