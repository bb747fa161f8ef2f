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

}  // namespace darkroom::tools
