#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace darkroom::http {

/// A part of a file: `length` bytes from `offset`.
struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;

  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

enum class RangeKind : std::uint8_t {
  whole,          ///< No range that we serve: the answer is the whole file.
  part,           ///< One range within the file.
  unsatisfiable,  ///< A well-formed range that holds no byte of the file.
};

struct RangeRequest {
  RangeKind kind = RangeKind::whole;
  ByteRange range;  ///< Where `kind` is part.
};

/// Reads a Range header for a file of `size` bytes (RFC 9110, section 14). One range in bytes is
/// served; several, other units and malformed ones are ignored, as that section allows.
[[nodiscard]] RangeRequest parse_range(std::string_view header, std::uint64_t size);

}  // namespace darkroom::http
