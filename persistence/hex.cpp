#include "persistence/hex.hpp"

#include <charconv>

#include "persistence/big_endian.hpp"

namespace darkroom::persistence {

std::string to_hex(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const auto byte : bytes) {
    text.push_back(digits[byte >> 4U]);
    text.push_back(digits[byte & 0x0FU]);
  }
  return text;
}

std::string to_hex(std::uint64_t number) {
  return to_hex(big_endian(number));
}

std::optional<std::uint64_t> parse_hex_u64(std::string_view text) {
  std::uint64_t number = 0;
  const auto* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number, 16);
  if (text.size() != 16 || read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return number;
}

}  // namespace darkroom::persistence
