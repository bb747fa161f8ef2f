#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "imaging/formats/png_file.hpp"
#include "imaging/frame.hpp"

namespace darkroom::imaging {

/// Makes pixels of 8 bits a sample from a PNG's rows: bits are spread, palettes looked up, a
/// transparent colour turned into alpha, 16 bits rounded to 8.
class RowExpander {
 public:
  /// `parts` must outlive the expander.
  explicit RowExpander(const PngParts& parts);

  [[nodiscard]] PixelLayout layout() const { return layout_; }

  /// `row` is unfiltered; `out` takes width x channels(layout()) samples.
  void expand(const std::uint8_t* row, std::uint32_t width, std::uint8_t* out) const;

 private:
  void expand_palette(const std::uint8_t* row, std::uint32_t width, std::uint8_t* out) const;
  void expand_samples(const std::uint8_t* row, std::uint32_t width, std::uint8_t* out) const;
  void look_up_palette(const PngParts& parts);

  PngHeader header_;
  std::uint32_t samples_;
  PixelLayout layout_ = PixelLayout::grey;
  bool keyed_ = false;                         // One colour is transparent.
  std::array<std::uint16_t, 3> key_{};         // As the file has it.
  std::array<std::uint8_t, 1'024> palette_{};  // Red, green, blue, alpha.
};

}  // namespace darkroom::imaging
