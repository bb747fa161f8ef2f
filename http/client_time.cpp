#include "http/client_time.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>

namespace darkroom::http {
namespace {

constexpr std::size_t date_size = 10;     // "2026-11-22"
constexpr std::size_t seconds_size = 19;  // "2026-11-22T08:30:00"

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Takes the fraction off the front of `rest`; ".000" where there is none.
std::optional<std::string> take_fraction(std::string_view& rest) {
  constexpr std::size_t milliseconds = 3;
  std::string digits;
  if (rest.starts_with('.')) {
    const auto end = std::find_if_not(rest.begin() + 1, rest.end(), is_digit);
    digits.assign(rest.begin() + 1, end);
    if (digits.empty()) return std::nullopt;
    rest.remove_prefix(digits.size() + 1);
  }
  digits.resize(milliseconds, '0');
  return '.' + digits;
}

/// "Z", "+01:00" or "-05:30".
std::optional<std::chrono::minutes> parse_offset(std::string_view text) {
  if (text == "Z" || text == "z") return std::chrono::minutes{0};
  constexpr std::size_t size = 6;
  if (text.size() != size || text[3] != ':') return std::nullopt;
  for (const std::size_t place : {1U, 2U, 4U, 5U}) {
    if (!is_digit(text[place])) return std::nullopt;
  }
  const auto two_digits = [text](std::size_t at) {
    return (text[at] - '0') * 10 + (text[at + 1] - '0');
  };
  const int hours = two_digits(1);
  const int minutes = two_digits(4);
  if (hours > 23 || minutes > 59) return std::nullopt;
  const std::chrono::minutes offset = std::chrono::hours{hours} + std::chrono::minutes{minutes};
  if (text[0] == '+' || text[0] == ' ') return offset;
  if (text[0] == '-') return -offset;
  return std::nullopt;
}

}  // namespace

std::optional<jobs::Timestamp> parse_client_time(std::string_view text) {
  if (text.size() == date_size) return jobs::parse_rfc3339(std::string{text} + "T00:00:00.000Z");
  if (text.size() <= seconds_size) return std::nullopt;
  std::string local{text.substr(0, seconds_size)};
  if (local[date_size] == 't') local[date_size] = 'T';
  std::string_view rest = text.substr(seconds_size);
  const auto fraction = take_fraction(rest);
  const auto offset = parse_offset(rest);
  if (!fraction || !offset) return std::nullopt;
  const auto time = jobs::parse_rfc3339(local + *fraction + 'Z');
  if (!time) return std::nullopt;
  return *time - *offset;
}

}  // namespace darkroom::http
