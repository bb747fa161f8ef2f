#include "tests/fuzz/png_checksums.hpp"

#include <cstdint>

#include <zlib.h>

namespace darkroom::fuzz {
namespace {

std::uint32_t u32_at(const std::vector<std::byte>& file, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = value << 8U | std::to_integer<std::uint32_t>(file[at + i]);
  return value;
}

}  // namespace

std::vector<std::byte> with_right_checksums(std::span<const std::byte> file) {
  constexpr std::size_t signature = 8;
  constexpr std::size_t around_data = 12;  // Length, type, checksum.
  std::vector<std::byte> mended(file.begin(), file.end());
  if (file.size() < signature || file[1] != std::byte{'P'}) return mended;
  for (std::size_t at = signature; mended.size() - at >= around_data;) {
    const std::size_t length = u32_at(mended, at);
    if (length > mended.size() - at - around_data) break;
    const auto* type = reinterpret_cast<const Bytef*>(mended.data() + at + 4);
    const auto checksum = static_cast<std::uint32_t>(crc32_z(0, type, length + 4));
    for (std::size_t i = 0; i < 4; ++i)
      mended[at + 8 + length + i] = static_cast<std::byte>(checksum >> (24 - 8 * i) & 0xFFU);
    at += length + around_data;
  }
  return mended;
}

}  // namespace darkroom::fuzz
