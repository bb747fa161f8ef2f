#include "imaging/png/row_expander.hpp"

#include <algorithm>

#include "imaging/formats/byte_reader.hpp"
#include "imaging/formats/png_layout.hpp"

namespace darkroom::imaging {
namespace {

PixelLayout plain_layout(std::uint8_t colour) {
  switch (colour) {
    case 0:
      return PixelLayout::grey;
    case 4:
      return PixelLayout::grey_alpha;
    case 6:
      return PixelLayout::rgba;
    default:
      return PixelLayout::rgb;
  }
}

/// Sample number `index` of a row, at its own depth.
std::uint32_t sample(const std::uint8_t* row, std::size_t index, std::uint8_t depth) {
  if (depth == 8) return row[index];
  if (depth == 16) return (std::uint32_t{row[index * 2]} << 8U) | row[index * 2 + 1];
  const std::size_t per_byte = 8U / depth;
  const auto place = static_cast<unsigned>(per_byte - 1 - index % per_byte);
  return (std::uint32_t{row[index / per_byte]} >> (place * depth)) & ((1U << depth) - 1U);
}

/// To 8 bits, rounded to the nearest value.
std::uint8_t to_eight_bits(std::uint32_t value, std::uint8_t depth) {
  if (depth == 8) return static_cast<std::uint8_t>(value);
  if (depth == 16) return static_cast<std::uint8_t>((value * 255 + 32'895) >> 16U);
  return static_cast<std::uint8_t>(value * (255U / ((1U << depth) - 1U)));
}

}  // namespace

RowExpander::RowExpander(const PngParts& parts)
    : header_(parts.header),
      samples_(samples_per_pixel(parts.header)),
      layout_(plain_layout(parts.header.colour)) {
  const auto transparency = parts.transparency;
  if (header_.colour == png_palette_colour) {
    look_up_palette(parts);
    if (!transparency.empty()) layout_ = PixelLayout::rgba;
    return;
  }
  const bool can_be_keyed = header_.colour == 0 || header_.colour == 2;
  if (!can_be_keyed || transparency.size() != std::size_t{samples_} * 2) return;
  keyed_ = true;
  layout_ = header_.colour == 0 ? PixelLayout::grey_alpha : PixelLayout::rgba;
  ByteReader reader(transparency);
  for (std::size_t i = 0; i < samples_; ++i)
    key_.at(i) = reader.u16_be();
}

void RowExpander::look_up_palette(const PngParts& parts) {
  // A colour that the palette does not have is black, as with libpng.
  for (std::size_t i = 3; i < palette_.size(); i += 4)
    palette_.at(i) = 255;
  const std::size_t colours = std::min<std::size_t>(256, parts.palette.size() / 3);
  for (std::size_t i = 0; i < colours; ++i) {
    for (std::size_t c = 0; c < 3; ++c) {
      palette_.at(i * 4 + c) = std::to_integer<std::uint8_t>(parts.palette[i * 3 + c]);
    }
  }
  const std::size_t alphas = std::min<std::size_t>(256, parts.transparency.size());
  for (std::size_t i = 0; i < alphas; ++i) {
    palette_.at(i * 4 + 3) = std::to_integer<std::uint8_t>(parts.transparency[i]);
  }
}

void RowExpander::expand(const std::uint8_t* row, std::uint32_t width, std::uint8_t* out) const {
  if (header_.colour == png_palette_colour) return expand_palette(row, width, out);
  const bool as_it_is = header_.depth == 8 && !keyed_;
  if (as_it_is) {
    std::copy_n(row, std::size_t{width} * samples_, out);
    return;
  }
  expand_samples(row, width, out);
}

void RowExpander::expand_palette(const std::uint8_t* row, std::uint32_t width,
                                 std::uint8_t* out) const {
  const std::size_t step = channels(layout_);
  for (std::uint32_t x = 0; x < width; ++x, out += step) {
    const std::uint8_t* entry = palette_.data() + std::size_t{sample(row, x, header_.depth)} * 4;
    std::copy_n(entry, step, out);
  }
}

void RowExpander::expand_samples(const std::uint8_t* row, std::uint32_t width,
                                 std::uint8_t* out) const {
  const std::uint8_t depth = header_.depth;
  std::size_t index = 0;
  for (std::uint32_t x = 0; x < width; ++x) {
    bool is_key = keyed_;
    for (std::size_t c = 0; c < samples_; ++c, ++index) {
      const std::uint32_t value = sample(row, index, depth);
      if (is_key && value != key_[c]) is_key = false;
      *out++ = to_eight_bits(value, depth);
    }
    if (keyed_) *out++ = is_key ? 0 : 255;
  }
}

}  // namespace darkroom::imaging
