#include "persistence/hex.hpp"

#include <charconv>

#include "persistence/big_endian.hpp"

namespace darkroom::persistence {
namespace {

/// 16 where it is no lower-case hex digit.
constexpr unsigned digit_value(char digit) {
  if (digit >= '0' && digit <= '9') return static_cast<unsigned>(digit - '0');
  if (digit >= 'a' && digit <= 'f') return static_cast<unsigned>(digit - 'a') + 10;
  return 16;
}

}  // namespace

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

std::optional<std::array<std::uint8_t, 32>> parse_hex_sha256(std::string_view text) {
  std::array<std::uint8_t, 32> bytes{};
  if (text.size() != 2 * bytes.size()) return std::nullopt;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto high = digit_value(text[2 * i]);
    const auto low = digit_value(text[2 * i + 1]);
    if (high > 15 || low > 15) return std::nullopt;
    bytes.at(i) = static_cast<std::uint8_t>(high << 4U | low);
  }
  return bytes;
}

}  // namespace darkroom::persistence
