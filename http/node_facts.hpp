#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "http/traffic.hpp"
#include "jobs/timestamp.hpp"
#include "persistence/blob_census.hpp"
#include "persistence/disk_figures.hpp"

namespace darkroom::http {

/// How the data folder of a node stands.
struct StorageStatus {
  persistence::DiskFigures disk = {};
  std::uint64_t reserve_bytes = 0;  ///< With less than this free, uploads are refused.
  /// None where the node has no blobs of its own, or has not counted them yet.
  std::optional<persistence::BlobCensus::Count> blobs = {};
};

/// Asked at each scrape, from any thread. None where the disk does not say; may be empty itself.
using StorageReader = std::function<std::optional<StorageStatus>()>;

/// What a node knows of itself without asking the job service.
struct NodeFacts {
  std::string_view version = {};  ///< Of the program.
  jobs::Timestamp started_at = {};
  std::shared_ptr<Traffic> traffic = std::make_shared<Traffic>();
  StorageReader read_storage = {};

  [[nodiscard]] std::optional<StorageStatus> storage() const {
    return read_storage ? read_storage() : std::nullopt;
  }
};

}  // namespace darkroom::http
