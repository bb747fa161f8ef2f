#pragma once

#include <filesystem>

#include <tl/expected.hpp>

#include "persistence/error.hpp"

namespace darkroom::persistence {

/// Makes the folder and its missing parents (mode 0750) and syncs what holds them, so that a power
/// cut cannot take a folder away from under the files in it. One that exists is no error, and is
/// synced into its parent as well.
[[nodiscard]] tl::expected<void, StoreError> make_directories(const std::filesystem::path& path);

/// fsync of a folder: makes the names that were added to it or removed from it durable.
[[nodiscard]] tl::expected<void, StoreError> sync_directory(const std::filesystem::path& path);

}  // namespace darkroom::persistence
