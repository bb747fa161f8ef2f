#pragma once

#include <memory>

#include "http/node_facts.hpp"
#include "nodes/config.hpp"
#include "persistence/blob_census.hpp"

namespace darkroom::nodes {

/// Tells how the data folder stands, for metrics. `census` is what the janitor counts; null where
/// the node has no blobs.
[[nodiscard]] http::StorageReader storage_reader(
    const Config& config, std::shared_ptr<const persistence::BlobCensus> census);

}  // namespace darkroom::nodes
