#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <tl/expected.hpp>

namespace darkroom::nodes {

/// No picture may have more bytes, however much the settings allow.
inline constexpr std::uint64_t max_image_file_bytes = std::uint64_t{16} << 30U;

/// The bytes of a regular file that the user named. It is read, not mapped, since somebody may
/// shorten it meanwhile. The error does not name the file. Throws std::bad_alloc.
[[nodiscard]] tl::expected<std::vector<std::byte>, std::string> read_image_file(
    const std::filesystem::path& path);

/// Writes a file of which there is never half, not even after a power cut: to a temporary name
/// beside it that nobody can guess, synced, then renamed, in place of any file of that name. The
/// error names the file.
[[nodiscard]] tl::expected<void, std::string> write_image_file(const std::filesystem::path& path,
                                                               std::span<const std::byte> bytes);

}  // namespace darkroom::nodes
