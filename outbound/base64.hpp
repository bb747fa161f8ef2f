#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace darkroom::outbound {

/// RFC 4648, section 4: with padding, on one line.
[[nodiscard]] std::string to_base64(std::span<const std::byte> bytes);

/// Reads what to_base64() writes and nothing else.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text);

}  // namespace darkroom::outbound
