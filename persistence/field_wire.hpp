#pragma once

#include <cstdint>

namespace darkroom::persistence {

// What FieldWriter and FieldReader share. The wire format is that of Protocol Buffers ("Encoding"
// in its documentation): a message is a row of fields, each a varint of number and type with the
// value behind it.

enum class WireType : std::uint8_t { varint = 0, fixed64 = 1, bytes = 2 };

/// Stands for the job's id in its blob keys. No key holds one (see blob_key.hpp).
inline constexpr char id_mark = '\0';

/// Numbers near zero, of either sign, become small ones.
[[nodiscard]] constexpr std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63U);
}

[[nodiscard]] constexpr std::int64_t from_zigzag(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1U) ^ (~(value & 1U) + 1));
}

}  // namespace darkroom::persistence
