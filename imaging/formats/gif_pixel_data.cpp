#include "imaging/formats/gif_pixel_data.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "imaging/formats/byte_reader.hpp"
#include "imaging/refusal.hpp"

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

/// The pixels that a code of the table stands for: a piece of what has been decoded before.
struct Piece {
  std::size_t start = 0;
  std::size_t length = 0;
};

/// Undoes the LZW compression. A new code stands for the pixels of the code before and the first
/// one that follows them, which lie side by side in the picture: so the table keeps places in it.
class Unpacker {
 public:
  Unpacker(std::uint32_t pixel_bits, std::span<std::uint8_t> pixels)
      : clear_(1U << pixel_bits), first_width_(pixel_bits + 1), pixels_(pixels) {
    forget();
  }

  [[nodiscard]] bool complete() const { return done_ == pixels_.size(); }
  [[nodiscard]] std::uint32_t width() const { return width_; }  ///< Of the next code, in bits.
  [[nodiscard]] std::uint32_t end_code() const { return clear_ + 1; }

  /// False for a code that means nothing.
  [[nodiscard]] bool add(std::uint32_t code) {
    if (code == clear_) {
      forget();
      return true;
    }
    if (before_.length != 0) learn();
    if (code >= known_) return false;
    const std::size_t start = done_;
    if (code < clear_) {
      append(static_cast<std::uint8_t>(code));
    } else {
      append(table_.at(code));
    }
    before_ = {start, done_ - start};
    if (known_ == 1U << width_ && width_ < most_code_bits) ++width_;
    return true;
  }

 private:
  void forget() {
    known_ = end_code() + 1;
    width_ = first_width_;
    before_ = {};
  }

  void learn() {
    if (known_ == most_codes) return;  // The table is full: codes go on to mean what they did.
    table_.at(known_++) = {before_.start, before_.length + 1};
  }

  void append(std::uint8_t pixel) {
    if (!complete()) pixels_[done_++] = pixel;
  }

  /// One by one from the front: the newest code's last pixel is the first that this writes.
  void append(const Piece& piece) {
    const std::size_t count = std::min(piece.length, pixels_.size() - done_);
    for (std::size_t i = 0; i < count; ++i)
      pixels_[done_ + i] = pixels_[piece.start + i];
    done_ += count;
  }

  std::uint32_t clear_;
  std::uint32_t first_width_;
  std::span<std::uint8_t> pixels_;
  std::size_t done_ = 0;
  std::uint32_t known_ = 0;  ///< The next code to be learnt.
  std::uint32_t width_ = 0;
  Piece before_;  ///< What the code before stood for; of length 0 where there was none.
  std::array<Piece, most_codes> table_{};
};

}  // namespace

tl::expected<PlaneBuffer, Error> read_gif_pixels(std::span<const std::byte> data, Size size) {
  ByteReader reader(data);
  const std::uint32_t pixel_bits = reader.u8();
  if (pixel_bits == 0 || pixel_bits > 8) return corrupt("the GIF data is damaged");
  PlaneBuffer pixels = PlaneBuffer::tight(size.width, size.height, 1);
  Unpacker unpacker(pixel_bits, {pixels.row(0), std::size_t{size.width} * size.height});
  Codes codes(reader);
  while (!unpacker.complete()) {
    const auto code = codes.next(unpacker.width());
    if (!code || *code == unpacker.end_code()) return cut_off("GIF");
    if (!unpacker.add(*code)) return corrupt("the GIF data is damaged");
  }
  return pixels;
}

}  // namespace darkroom::imaging
