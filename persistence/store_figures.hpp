#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "persistence/error.hpp"
#include "persistence/stored_jobs.hpp"

namespace darkroom::persistence {

/// What a store takes on disk.
struct StoreFigures {
  struct Family {
    std::string name;
    std::uint64_t entries = 0;  ///< As RocksDB estimates it.
    std::uint64_t files = 0;    ///< Tables; what is in the log alone is not in them yet.
    std::uint64_t bytes = 0;
  };
  struct Files {
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
  };
  struct Folder {
    std::string name;
    Files content;
  };

  std::vector<Family> families;
  Files tables;                 ///< Of all families.
  Files logs;                   ///< Write-ahead logs.
  std::vector<Folder> uploads;  ///< By folder, sorted by name.
  Files blobs;                  ///< Of all folders.
  Files temporary;              ///< Uploads and renditions under way, and what crashes left.
};

/// `root` is the data folder whose job store `stored` is.
[[nodiscard]] tl::expected<StoreFigures, StoreError> measure(const StoredJobs& stored,
                                                             const std::filesystem::path& root);

}  // namespace darkroom::persistence
