#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace darkroom::persistence {

/// Two lower-case hex digits for each byte.
[[nodiscard]] std::string to_hex(std::span<const std::uint8_t> bytes);

/// 16 lower-case hex digits, the highest first.
[[nodiscard]] std::string to_hex(std::uint64_t number);

/// Reads exactly 16 hex digits.
[[nodiscard]] std::optional<std::uint64_t> parse_hex_u64(std::string_view text);

/// Reads exactly 64 lower-case hex digits, the text of a SHA-256.
[[nodiscard]] std::optional<std::array<std::uint8_t, 32>> parse_hex_sha256(std::string_view text);

}  // namespace darkroom::persistence
