#pragma once

#include <filesystem>

#include <tl/expected.hpp>

#include "persistence/error.hpp"

namespace darkroom::persistence {

/// Refuses a data folder that has blobs and no job store: one that was moved away, or whose disk is
/// not mounted. To start with an empty job store there would be to remove all blobs, since no job
/// needs them. To be asked before the job store is opened.
[[nodiscard]] tl::expected<void, StoreError> check_job_store_is_there(
    const std::filesystem::path& root);

}  // namespace darkroom::persistence
