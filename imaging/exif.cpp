#include "imaging/exif.hpp"

#include <cstdint>

#include "imaging/byte_reader.hpp"

namespace darkroom::imaging {
namespace {

constexpr std::uint16_t orientation_tag = 0x0112;
constexpr std::uint16_t type_short = 3;

/// Numbers in the byte order that the TIFF header names.
class TiffReader {
 public:
  TiffReader(std::span<const std::byte> bytes, bool big_endian)
      : reader_(bytes), big_endian_(big_endian) {}

  std::uint16_t u16() { return big_endian_ ? reader_.u16_be() : reader_.u16_le(); }
  std::uint32_t u32() { return big_endian_ ? reader_.u32_be() : reader_.u32_le(); }
  void skip(std::uint64_t count) { reader_.skip(count); }
  [[nodiscard]] bool ok() const { return reader_.ok(); }

 private:
  ByteReader reader_;
  bool big_endian_;
};

}  // namespace

Orientation exif_orientation(std::span<const std::byte> tiff) {
  const bool big_endian = has_at(tiff, 0, "MM");
  if (!big_endian && !has_at(tiff, 0, "II")) return Orientation::normal;
  TiffReader header(tiff, big_endian);
  header.skip(2);
  if (header.u16() != 42) return Orientation::normal;
  const std::uint32_t directory = header.u32();

  TiffReader entries(tiff, big_endian);
  entries.skip(directory);
  const std::uint16_t count = entries.u16();
  for (std::uint16_t i = 0; i < count && entries.ok(); ++i) {
    const std::uint16_t tag = entries.u16();
    const std::uint16_t type = entries.u16();
    const std::uint32_t values = entries.u32();
    const std::uint16_t value = entries.u16();  // A SHORT stands at the front of the value field.
    entries.skip(2);
    if (tag != orientation_tag) continue;
    const bool valid =
        entries.ok() && type == type_short && values == 1 && value >= 1 && value <= 8;
    return valid ? static_cast<Orientation>(value) : Orientation::normal;
  }
  return Orientation::normal;
}

}  // namespace darkroom::imaging
