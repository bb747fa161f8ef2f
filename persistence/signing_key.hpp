#pragma once

#include <array>
#include <cstdint>
#include <filesystem>

#include <tl/expected.hpp>

#include "persistence/error.hpp"

namespace darkroom::persistence {

/// What URLs to blobs are signed with. Whoever has it reads, writes and removes every blob.
using SigningKey = std::array<std::uint8_t, 32>;

/// Reads the key of the data folder `root`, so that URLs given out survive a restart; makes one,
/// durably, where there is none. A file that is damaged, or that others than its owner may read, is
/// refused: the message says what to do. `root` must exist, and belong to this process alone.
///
/// The key is not in backups: what is restored gets a new one, and URLs signed before are refused.
[[nodiscard]] tl::expected<SigningKey, StoreError> load_signing_key(
    const std::filesystem::path& root);

}  // namespace darkroom::persistence
