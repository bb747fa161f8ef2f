#include "imaging/formats/gif_pixel_data.hpp"

#include <array>
#include <cstddef>

namespace darkroom::imaging {
namespace {

// GIF89a specification, section 22 and appendix F.
constexpr std::uint32_t most_code_bits = 12;
constexpr std::size_t most_codes = 1U << most_code_bits;

/// The codes of one picture, which go on across blocks of up to 255 bytes.
class Codes {
 public:
  explicit Codes(ByteReader blocks) : blocks_(blocks) {}

  /// None at the end of the data.
  std::optional<std::uint32_t> next(std::uint32_t width) {
    while (count_ < width) {
      if (block_ == 0) block_ = blocks_.u8();
      if (block_ == 0) return std::nullopt;
      bits_ |= std::uint32_t{blocks_.u8()} << count_;
      if (!blocks_.ok()) return std::nullopt;
      count_ += 8;
      --block_;
    }
    const std::uint32_t code = bits_ & ((1U << width) - 1);
    bits_ >>= width;
    count_ -= width;
    return code;
  }

 private:
  ByteReader blocks_;
  std::uint32_t block_ = 0;  ///< Bytes left of the block at hand.
  std::uint32_t bits_ = 0;
  std::uint32_t count_ = 0;  ///< Of `bits_`.
};

}  // namespace

std::optional<std::uint64_t> count_gif_pixels(ByteReader reader, std::uint64_t most) {
  const std::uint32_t pixel_bits = reader.u8();
  if (pixel_bits == 0 || pixel_bits > 8) return std::nullopt;
  const std::uint32_t clear = 1U << pixel_bits;
  const std::uint32_t end = clear + 1;
  std::array<std::uint16_t, most_codes> lengths{};  // Pixels that a code stands for.
  lengths.fill(1);
  Codes codes(reader);
  std::uint64_t pixels = 0;
  std::uint32_t known = end + 1;
  std::uint32_t width = pixel_bits + 1;
  std::uint32_t before = clear;  // `clear` stands for none.
  while (pixels < most) {
    const auto code = codes.next(width);
    if (!code || *code == end) break;
    if (*code == clear) {
      known = end + 1;
      width = pixel_bits + 1;
    } else if (before == clear) {
      if (*code >= known) return std::nullopt;
      pixels += lengths[*code];
    } else {
      if (*code > known) return std::nullopt;
      if (known < most_codes) {
        lengths[known++] = static_cast<std::uint16_t>(lengths[before] + 1);
        if (known == 1U << width && width < most_code_bits) ++width;
      }
      pixels += lengths[*code];
    }
    before = *code;
  }
  return pixels;
}

}  // namespace darkroom::imaging
