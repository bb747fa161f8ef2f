#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace darkroom::imaging {

/// Reads numbers from untrusted bytes. A read past the end gives 0 and turns ok() false for good,
/// so that a parser may read a whole header and ask once.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes, std::size_t position = 0)
      : bytes_(bytes), position_(position), ok_(position <= bytes.size()) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t position() const { return position_; }
  [[nodiscard]] std::size_t remaining() const { return ok_ ? bytes_.size() - position_ : 0; }

  std::uint8_t u8() { return static_cast<std::uint8_t>(little_endian(1)); }
  std::uint16_t u16_le() { return static_cast<std::uint16_t>(little_endian(2)); }
  std::uint32_t u32_le() { return little_endian(4); }
  std::uint16_t u16_be() { return static_cast<std::uint16_t>(big_endian(2)); }
  std::uint32_t u32_be() { return big_endian(4); }

  void skip(std::uint64_t count) {
    if (take(count)) position_ += static_cast<std::size_t>(count);
  }

 private:
  bool take(std::uint64_t count) {
    if (count > remaining()) ok_ = false;
    return ok_;
  }

  std::uint32_t big_endian(std::size_t count) {
    if (!take(count)) return 0;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      value = (value << 8U) | std::to_integer<std::uint32_t>(bytes_[position_++]);
    }
    return value;
  }

  std::uint32_t little_endian(std::size_t count) {
    if (!take(count)) return 0;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      value |= std::to_integer<std::uint32_t>(bytes_[position_++]) << (8U * i);
    }
    return value;
  }

  std::span<const std::byte> bytes_;
  std::size_t position_;
  bool ok_;
};

[[nodiscard]] inline std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// True where `bytes` has `expected` at `offset`.
[[nodiscard]] inline bool has_at(std::span<const std::byte> bytes, std::size_t offset,
                                 std::string_view expected) {
  return bytes.size() >= offset + expected.size() &&
         as_text(bytes.subspan(offset, expected.size())) == expected;
}

}  // namespace darkroom::imaging
