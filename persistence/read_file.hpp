#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include <tl/expected.hpp>

#include "persistence/error.hpp"

namespace darkroom::persistence {

/// The bytes of a regular file that is not ours, so that somebody may shorten or replace it at any
/// time: it is read, not mapped. More than `most` bytes are refused. Throws std::bad_alloc.
[[nodiscard]] tl::expected<std::vector<std::byte>, StoreError> read_file(
    const std::filesystem::path& path, std::uint64_t most);

}  // namespace darkroom::persistence
