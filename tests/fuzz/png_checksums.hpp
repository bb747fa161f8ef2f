#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace darkroom::fuzz {

/// The file with the checksum of each whole chunk put right, where it is a PNG. Otherwise nearly
/// every change to a PNG would be found by its checksum, and nothing behind that would be tried.
[[nodiscard]] std::vector<std::byte> with_right_checksums(std::span<const std::byte> file);

}  // namespace darkroom::fuzz
