#include "nodes/storage_reader.hpp"

#include <optional>
#include <utility>

#include "persistence/disk_figures.hpp"

namespace darkroom::nodes {

http::StorageReader storage_reader(const Config& config,
                                   std::shared_ptr<const persistence::BlobCensus> census) {
  return [root = config.storage_path, reserve = config.storage_reserve,
          census = std::move(census)]() -> std::optional<http::StorageStatus> {
    const auto disk = persistence::measure_disk(root);
    if (!disk) return std::nullopt;
    return http::StorageStatus{
        .disk = *disk, .reserve_bytes = reserve, .blobs = census ? census->latest() : std::nullopt};
  };
}

}  // namespace darkroom::nodes
