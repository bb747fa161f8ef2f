#pragma once

#include <functional>

#include <tl/expected.hpp>

#include "persistence/error.hpp"
#include "persistence/rocks_database.hpp"
#include "persistence/stored_jobs.hpp"

namespace darkroom::persistence {

/// Calls `visit` for each batch and delivery that cannot be read, and for each of their entries
/// that is missing or too much, until it says false.
[[nodiscard]] tl::expected<void, StoreError> for_each_record_fault(
    const RocksDatabase& database, const std::function<bool(const IndexFault&)>& visit);

}  // namespace darkroom::persistence
