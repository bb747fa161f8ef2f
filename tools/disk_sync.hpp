#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include <tl/expected.hpp>

#include "tools/latencies.hpp"

namespace darkroom::tools {

/// What a commit to a disk costs at least: so many bytes are appended to a file in `directory`
/// again and again, and how long each fdatasync takes is measured.
[[nodiscard]] tl::expected<Latencies::Summary, std::string> measure_sync(
    const std::filesystem::path& directory, std::size_t bytes);

}  // namespace darkroom::tools
