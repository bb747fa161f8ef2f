#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "imaging/backend.hpp"
#include "imaging/size.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging::testing {

/// LZW codes as a decoder of GIF reads them: they become wider as its table grows.
class GifCodes {
 public:
  explicit GifCodes(std::uint32_t pixel_bits);

  void add(std::uint32_t code);

  [[nodiscard]] std::uint32_t clear() const { return 1U << pixel_bits_; }
  [[nodiscard]] std::uint32_t end() const { return clear() + 1; }
  /// The next code that is not in the table yet: the one before and its own first pixel.
  [[nodiscard]] std::uint32_t unknown() const { return known_; }

  /// All bytes so far, in blocks of up to `block_bytes` and their terminator.
  [[nodiscard]] std::vector<std::uint8_t> blocks(std::size_t block_bytes = 255) const;

 private:
  std::uint32_t pixel_bits_;
  std::vector<std::uint8_t> bytes_;
  std::uint64_t bits_ = 0;
  std::uint32_t count_ = 0;
  std::uint32_t known_;
  std::uint32_t width_;
};

/// A GIF of one picture, somewhere on its canvas.
struct SampleGif {
  Size canvas;
  std::uint32_t left = 0;
  std::uint32_t top = 0;
  Size size;
  std::vector<std::uint8_t> pixels;  ///< Colour numbers, as the file stores the rows.
  std::uint32_t pixel_bits = 2;      ///< Palettes are filled up to 2 to the power of it with black.
  std::vector<Colour> palette = {red, green, blue, yellow};
  std::vector<Colour> local_palette = {};
  std::uint32_t background = 0;  ///< A number in the palette.
  bool interlaced = false;
  std::optional<std::uint8_t> transparent = {};
  bool clears = true;  ///< False: the table of codes stays as it is once it is full.
};

/// The pixels compressed as an encoder does it: with the longest piece that the table has.
[[nodiscard]] std::vector<std::uint8_t> compressed(const SampleGif& gif);

/// A whole file around `data`, which are blocks.
[[nodiscard]] EncodedImage gif_around(const SampleGif& gif, const std::vector<std::uint8_t>& data);

[[nodiscard]] EncodedImage make_gif(const SampleGif& gif);

}  // namespace darkroom::imaging::testing
