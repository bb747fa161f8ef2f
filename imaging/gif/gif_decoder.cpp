#include "imaging/gif/gif_decoder.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "imaging/formats/gif_file.hpp"
#include "imaging/formats/gif_pixel_data.hpp"

namespace darkroom::imaging {
namespace {

using Rgba = std::array<std::uint8_t, 4>;
/// One for each number that a byte can have: clear where the palette has none, or the transparent.
using Palette = std::array<Rgba, 256>;

Palette palette_of(const GifFrame& gif) {
  Palette palette{};
  for (std::size_t i = 0; i < gif.palette.size() / 3; ++i) {
    if (gif.transparent == i) continue;
    const auto sample = [&](std::size_t channel) {
      return std::to_integer<std::uint8_t>(gif.palette[3 * i + channel]);
    };
    palette.at(i) = {sample(0), sample(1), sample(2), 255};
  }
  return palette;
}

bool is_opaque(const GifFrame& gif, const PlaneBuffer& colours, const Palette& palette) {
  if (gif.size != gif.canvas) return false;
  for (std::uint32_t y = 0; y < gif.size.height; ++y) {
    const auto row = colours.view().row(y);
    const auto clear = [&](std::uint8_t colour) { return palette[colour][3] == 0; };
    if (std::any_of(row.begin(), row.end(), clear)) return false;
  }
  return true;
}

/// Where on the picture each row of the file belongs (GIF89a specification, appendix E).
std::vector<std::uint32_t> row_order(std::uint32_t height, bool interlaced) {
  struct Pass {
    std::uint32_t first;
    std::uint32_t step;
  };
  constexpr std::array<Pass, 4> passes{{{0, 8}, {4, 8}, {2, 4}, {1, 2}}};
  std::vector<std::uint32_t> order;
  order.reserve(height);
  if (!interlaced) {
    for (std::uint32_t y = 0; y < height; ++y)
      order.push_back(y);
    return order;
  }
  for (const Pass& pass : passes) {
    for (std::uint32_t y = pass.first; y < height; y += pass.step)
      order.push_back(y);
  }
  return order;
}

/// Lays the picture in its place; what is around it stays clear.
PlaneBuffer compose(const GifFrame& gif, const PlaneBuffer& colours, const Palette& palette,
                    std::uint32_t channels) {
  auto canvas = PlaneBuffer::tight(gif.canvas.width, gif.canvas.height, channels);
  if (gif.size != gif.canvas) {
    std::fill_n(canvas.row(0), canvas.view().stride * canvas.height(), std::uint8_t{0});
  }
  std::uint32_t stored = 0;
  for (const std::uint32_t y : row_order(gif.size.height, gif.interlaced)) {
    std::uint8_t* out = canvas.row(gif.top + y) + std::size_t{gif.left} * channels;
    for (const std::uint8_t colour : colours.view().row(stored++)) {
      out = std::copy_n(palette[colour].begin(), channels, out);
    }
  }
  return canvas;
}

}  // namespace

tl::expected<Picture, Error> decode_gif(std::span<const std::byte> file) {
  const auto gif = parse_gif(file);
  if (!gif) return tl::unexpected(gif.error());
  const auto colours = read_gif_pixels(gif->data, gif->size);
  if (!colours) return tl::unexpected(colours.error());
  const Palette palette = palette_of(*gif);
  const auto layout = is_opaque(*gif, *colours, palette) ? PixelLayout::rgb : PixelLayout::rgba;
  return picture_of(
      std::make_shared<const Frame>(layout, compose(*gif, *colours, palette, channels(layout))));
}

}  // namespace darkroom::imaging
