#include "persistence/hex.hpp"

#include <charconv>

#include "persistence/big_endian.hpp"

namespace darkroom::persistence {
namespace {

constexpr unsigned no_digit = 0x100;

/// Of each character: no_digit where it is no lower-case hex digit. A table, because every record
/// that is written has some hashes.
constexpr auto digit_values = [] {
  std::array<std::uint16_t, 256> values{};
  values.fill(no_digit);
  for (unsigned i = 0; i < 10; ++i)
    values.at('0' + i) = static_cast<std::uint16_t>(i);
  for (unsigned i = 0; i < 6; ++i)
    values.at('a' + i) = static_cast<std::uint16_t>(10 + i);
  return values;
}();

unsigned digit_value(char digit) {
  return digit_values[static_cast<unsigned char>(digit)];
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
  unsigned seen = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto high = digit_value(text[2 * i]);
    const auto low = digit_value(text[2 * i + 1]);
    seen |= high | low;
    bytes[i] = static_cast<std::uint8_t>(high << 4U | low);
  }
  if ((seen & no_digit) != 0) return std::nullopt;
  return bytes;
}

}  // namespace darkroom::persistence
