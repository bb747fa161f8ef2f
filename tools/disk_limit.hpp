#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include <tl/expected.hpp>

namespace darkroom::tools {

/// How many files a second a disk keeps durably at most: so many threads do nothing but write a
/// file, fdatasync it, rename it into one folder and fsync that folder. Files are made in
/// `directory`, which must be empty, and left there.
[[nodiscard]] tl::expected<double, std::string> durable_files_per_second(
    const std::filesystem::path& directory, std::span<const std::byte> file, std::uint32_t threads,
    std::chrono::milliseconds time);

/// How long creating an empty file in `directory` takes, the median of some; they are left there.
/// An ext4 without a journal takes up to a millisecond for some minutes after many files were
/// removed nearby (ScratchFolder::empty_files), which makes all rates of small files low.
[[nodiscard]] tl::expected<std::chrono::nanoseconds, std::string> time_to_create_a_file(
    const std::filesystem::path& directory);

}  // namespace darkroom::tools
