#include "http/byte_range.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <limits>
#include <optional>

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

enum class SpecKind : std::uint8_t { malformed, nothing, part };

struct Spec {
  SpecKind kind = SpecKind::malformed;
  ByteRange range = {};
};

// "0-99", "100-" or "-10".
Spec parse_spec(std::string_view spec, std::uint64_t size) {
  const std::size_t dash = spec.find('-');
  if (dash == std::string_view::npos) return {};
  const std::string_view first_digits = spec.substr(0, dash);
  const std::string_view last_digits = spec.substr(dash + 1);
  const auto first = parse_number(first_digits);
  const auto last = parse_number(last_digits);

  if (first_digits.empty()) {
    if (!last) return {};
    const std::uint64_t length = std::min(*last, size);
    if (length == 0) return {SpecKind::nothing};
    return {SpecKind::part, {size - length, length}};
  }
  if (!first || (!last && !last_digits.empty()) || (last && *last < *first)) return {};
  if (*first >= size) return {SpecKind::nothing};
  const std::uint64_t end = last ? std::min(*last, size - 1) : size - 1;
  return {SpecKind::part, {*first, end - *first + 1}};
}

bool touch(const ByteRange& a, const ByteRange& b) {
  return a.offset <= b.offset + b.length && b.offset <= a.offset + a.length;
}

// Adds a range and takes in all that it touches; what it grows by may touch more.
void add(std::vector<ByteRange>& ranges, ByteRange added) {
  std::size_t place = ranges.size();
  for (std::size_t i = 0; i < ranges.size();) {
    if (!touch(ranges[i], added)) {
      ++i;
      continue;
    }
    const std::uint64_t end =
        std::max(ranges[i].offset + ranges[i].length, added.offset + added.length);
    added.offset = std::min(ranges[i].offset, added.offset);
    added.length = end - added.offset;
    ranges.erase(ranges.begin() + static_cast<std::ptrdiff_t>(i));
    place = std::min(place, i);
    i = 0;
  }
  place = std::min(place, ranges.size());
  ranges.insert(ranges.begin() + static_cast<std::ptrdiff_t>(place), added);
}

}  // namespace

RangeRequest parse_ranges(std::string_view header, std::uint64_t size) {
  constexpr std::string_view unit = "bytes=";
  if (!equals_ignoring_case(header.substr(0, unit.size()), unit)) return {};
  std::string_view rest = header.substr(unit.size());
  RangeRequest request{RangeKind::unsatisfiable, {}};
  std::size_t count = 0;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view spec = trimmed(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    if (spec.empty()) continue;  // RFC 9110, section 5.6.1.2.
    const Spec parsed = parse_spec(spec, size);
    if (parsed.kind == SpecKind::malformed || ++count > max_ranges) return {};
    if (parsed.kind == SpecKind::part) add(request.ranges, parsed.range);
  }
  if (count == 0) return {};
  if (!request.ranges.empty()) request.kind = RangeKind::parts;
  return request;
}

}  // namespace darkroom::http
