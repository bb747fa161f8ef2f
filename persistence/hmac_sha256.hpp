#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace darkroom::persistence {

/// The HMAC-SHA256 (RFC 2104, FIPS 198-1) of `text`. Throws std::runtime_error where OpenSSL itself
/// fails.
[[nodiscard]] std::array<std::uint8_t, 32> hmac_sha256(std::span<const std::uint8_t> key,
                                                       std::string_view text);

/// Compares without telling by its time how much of the two is equal; only their lengths show.
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace darkroom::persistence
