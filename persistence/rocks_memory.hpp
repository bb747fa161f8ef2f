#pragma once

#include "persistence/job_store.hpp"
#include "persistence/rocks_database.hpp"

namespace darkroom::persistence {

/// What the open database has in memory, beside the bounds that `options` gave it.
[[nodiscard]] StoreMemory memory_of(const RocksDatabase& database, const RocksOptions& options);

}  // namespace darkroom::persistence
