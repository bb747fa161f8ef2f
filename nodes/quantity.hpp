#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace darkroom::nodes {

/// Sizes, pixel counts and durations as people write them. The parsers return a sentence without a
/// subject on error ("must be ..."), to be put behind the name of the setting. What a formatter
/// writes, the parser of its kind reads back to the same value.

/// "32MiB", "64 KiB", "10MB", "512B" or "512": a whole number of bytes. Letter case is free.
[[nodiscard]] tl::expected<std::uint64_t, std::string> parse_bytes(std::string_view text);
[[nodiscard]] std::string format_bytes(std::uint64_t bytes);

/// "100MP" or "100000000".
[[nodiscard]] tl::expected<std::uint64_t, std::string> parse_pixels(std::string_view text);
[[nodiscard]] std::string format_pixels(std::uint64_t pixels);

/// "24h", "1m30s", "1500ms", "7d": whole numbers, each with its unit, largest unit first. A number
/// without a unit is refused.
[[nodiscard]] tl::expected<std::chrono::milliseconds, std::string> parse_duration(
    std::string_view text);
[[nodiscard]] std::string format_duration(std::chrono::milliseconds duration);

}  // namespace darkroom::nodes
