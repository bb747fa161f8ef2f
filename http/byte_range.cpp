#include "http/byte_range.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <limits>

#include "http/header_values.hpp"

namespace darkroom::http {
namespace {

// All digits or nothing. A number too large for 64 bits lies behind the end of every file.
std::optional<std::uint64_t> parse_number(std::string_view digits) {
  const bool all_digits =
      std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (digits.empty() || !all_digits) return std::nullopt;
  std::uint64_t value = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), value).ec != std::errc{}) {
    return std::numeric_limits<std::uint64_t>::max();
  }
  return value;
}

}  // namespace

RangeRequest parse_range(std::string_view header, std::uint64_t size) {
  constexpr std::string_view unit = "bytes=";
  if (!equals_ignoring_case(header.substr(0, unit.size()), unit)) return {};
  const std::string_view spec = trimmed(header.substr(unit.size()));
  const std::size_t dash = spec.find('-');
  if (dash == std::string_view::npos) return {};
  const std::string_view first_digits = spec.substr(0, dash);
  const std::string_view last_digits = spec.substr(dash + 1);
  const auto first = parse_number(first_digits);
  const auto last = parse_number(last_digits);

  if (first_digits.empty()) {
    if (!last) return {};
    const std::uint64_t length = std::min(*last, size);
    if (length == 0) return {RangeKind::unsatisfiable, {}};
    return {RangeKind::part, {size - length, length}};
  }
  if (!first || (!last && !last_digits.empty()) || (last && *last < *first)) return {};
  if (*first >= size) return {RangeKind::unsatisfiable, {}};
  const std::uint64_t end = last ? std::min(*last, size - 1) : size - 1;
  return {RangeKind::part, {*first, end - *first + 1}};
}

}  // namespace darkroom::http
