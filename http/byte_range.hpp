#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace darkroom::http {

/// A part of a file: `length` bytes from `offset`.
struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;

  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

enum class RangeKind : std::uint8_t {
  whole,          ///< No ranges that we serve: the answer is the whole file.
  parts,          ///< At least one range within the file.
  unsatisfiable,  ///< Well-formed ranges that hold no byte of the file.
};

struct RangeRequest {
  RangeKind kind = RangeKind::whole;
  std::vector<ByteRange> ranges;  ///< Where `kind` is parts; none touches another.
};

/// A client that asks for more ranges gets the whole file: nobody who shows or resumes a picture
/// does, and each range costs a head of its own (RFC 9110, section 17.15).
inline constexpr std::size_t max_ranges = 16;

/// Reads a Range header for a file of `size` bytes (RFC 9110, section 14). Ranges that overlap or
/// touch are made one, at the place of the first of them; those that hold no byte of the file are
/// left out. Other units, malformed ranges and too many are ignored, as that section allows.
[[nodiscard]] RangeRequest parse_ranges(std::string_view header, std::uint64_t size);

}  // namespace darkroom::http
