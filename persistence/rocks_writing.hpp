#pragma once

#include <string_view>

#include <tl/expected.hpp>

#include "persistence/error.hpp"
#include "persistence/job_store.hpp"
#include "persistence/rocks_database.hpp"

namespace darkroom::persistence {

/// Writes in one atomic step, synced. Takes one change of each job and of each record, which
/// check_changes() has found good. Does not throw: how far RocksDB has come where it does, for want
/// of memory above all, nobody knows, and a failed write is what that amounts to.
[[nodiscard]] tl::expected<void, StoreError> write_changes(const RocksDatabase& database,
                                                           const WriteSet& changes);

/// Writes one entry of the column family `default`, synced.
[[nodiscard]] tl::expected<void, StoreError> write_text(const RocksDatabase& database,
                                                        std::string_view name,
                                                        std::string_view text);

}  // namespace darkroom::persistence
