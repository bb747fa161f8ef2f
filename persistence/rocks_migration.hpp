#pragma once

#include <tl/expected.hpp>

#include "persistence/error.hpp"
#include "persistence/rocks_database.hpp"

namespace darkroom::persistence {

/// Fills the indexes that a store of the older schema `version` lacks, from all its records: some
/// ten thousand a second. Not synced; what is there of them already is harmless, so it may be cut
/// off and begun again. `report` is told when it begins and ends, where it is not empty.
[[nodiscard]] tl::expected<void, StoreError> fill_new_indexes(const RocksDatabase& database,
                                                              int version, const Report& report);

}  // namespace darkroom::persistence
