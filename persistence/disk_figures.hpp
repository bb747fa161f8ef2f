#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include <tl/expected.hpp>

#include "persistence/error.hpp"

namespace darkroom::persistence {

/// How a data folder's disk stands; what may be asked for every few seconds.
struct DiskFigures {
  std::uint64_t bytes = 0;       ///< Of the file system, used and free.
  std::uint64_t free_bytes = 0;  ///< That the service may still fill.
  /// Of the job store's files. None where the folder has no job store.
  std::optional<std::uint64_t> job_store_bytes = {};
};

/// `root` is a data folder. Reads no file, and looks at none of the blobs.
[[nodiscard]] tl::expected<DiskFigures, StoreError> measure_disk(const std::filesystem::path& root);

}  // namespace darkroom::persistence
