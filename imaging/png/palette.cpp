#include "imaging/png/palette.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace darkroom::imaging {
namespace {

using Colour = std::array<std::uint8_t, 4>;

constexpr std::size_t most_colours = 256;

Colour colour_of(const std::uint8_t* pixel, PixelLayout layout) {
  switch (layout) {
    case PixelLayout::grey:
      return {pixel[0], pixel[0], pixel[0], 255};
    case PixelLayout::grey_alpha:
      return {pixel[0], pixel[0], pixel[0], pixel[1]};
    case PixelLayout::rgba:
      return {pixel[0], pixel[1], pixel[2], pixel[3]};
    default:
      return {pixel[0], pixel[1], pixel[2], 255};
  }
}

/// Gives every new colour the next number.
class ColourTable {
 public:
  /// none once there are too many colours.
  std::optional<std::uint8_t> number(const Colour& colour) {
    const std::uint32_t key = colour[0] | (std::uint32_t{colour[1]} << 8U) |
                              (std::uint32_t{colour[2]} << 16U) | (std::uint32_t{colour[3]} << 24U);
    // Fibonacci hashing; a free slot is always found, for the table never gets more than half full.
    std::size_t slot = (key * 0x9E3779B1U) >> (32U - bits);
    while (numbers_.at(slot) != 0) {
      const std::size_t index = numbers_.at(slot) - 1U;
      if (colours_[index] == colour) return static_cast<std::uint8_t>(index);
      slot = (slot + 1) % numbers_.size();
    }
    if (colours_.size() == most_colours) return std::nullopt;
    colours_.push_back(colour);
    numbers_.at(slot) = static_cast<std::uint16_t>(colours_.size());
    return static_cast<std::uint8_t>(colours_.size() - 1);
  }

  [[nodiscard]] const std::vector<Colour>& colours() const { return colours_; }

 private:
  static constexpr unsigned bits = 10;
  std::array<std::uint16_t, std::size_t{1} << bits>
      numbers_{};  // One more than the index; 0: free.
  std::vector<Colour> colours_;
};

int depth_for(std::size_t colours) {
  if (colours <= 2) return 1;
  if (colours <= 4) return 2;
  return colours <= 16 ? 4 : 8;
}

/// Transparent colours first: tRNS ends with the last of them.
void sort_by_transparency(const std::vector<Colour>& colours, IndexedPicture& picture) {
  std::vector<std::uint8_t> order(colours.size());
  std::iota(order.begin(), order.end(), std::uint8_t{0});
  std::stable_partition(order.begin(), order.end(),
                        [&](std::uint8_t index) { return colours[index][3] != 255; });
  std::array<std::uint8_t, most_colours> place{};
  for (std::size_t i = 0; i < order.size(); ++i) {
    picture.palette.push_back(colours[order[i]]);
    place.at(order[i]) = static_cast<std::uint8_t>(i);
  }
  for (std::uint8_t& index : picture.indices)
    index = place.at(index);
}

}  // namespace

std::optional<IndexedPicture> find_palette(const Frame& frame) {
  const auto samples = frame.samples();
  const std::size_t step = channels(frame.layout());
  ColourTable table;
  IndexedPicture picture;
  picture.indices.reserve(samples.size() / step);
  for (std::size_t at = 0; at < samples.size(); at += step) {
    const auto number = table.number(colour_of(samples.data() + at, frame.layout()));
    if (!number) return std::nullopt;
    picture.indices.push_back(*number);
  }
  picture.depth = depth_for(table.colours().size());
  const bool smaller = picture.depth < 8 || frame.layout() != PixelLayout::grey;
  if (!smaller) return std::nullopt;
  sort_by_transparency(table.colours(), picture);
  return picture;
}

}  // namespace darkroom::imaging
