#pragma once

#include <cstdint>
#include <vector>

#include "imaging/frame.hpp"

namespace darkroom::imaging::testing {

/// Like a photograph: broad light and shade, texture of all sizes, soft and hard edges.
[[nodiscard]] PlaneBuffer photo_plane(std::uint32_t width, std::uint32_t height,
                                      std::uint32_t seed = 1);

/// Evenly distributed samples; the same for the same seed.
[[nodiscard]] FramePtr noise(Size size, PixelLayout layout, std::uint32_t seed = 1,
                             Subsampling subsampling = {2, 2});

/// Photo planes in any layout.
[[nodiscard]] FramePtr photo(Size size, PixelLayout layout, Subsampling subsampling = {2, 2});

/// One colour all over: one sample for each channel or plane.
[[nodiscard]] FramePtr flat(Size size, PixelLayout layout, const std::vector<std::uint8_t>& pixel,
                            Subsampling subsampling = {2, 2});

/// One sample.
[[nodiscard]] inline int at(const Plane& plane, std::uint32_t x, std::uint32_t y,
                            std::uint32_t channel = 0) {
  return plane.row(y)[std::size_t{x} * plane.channels + channel];
}

}  // namespace darkroom::imaging::testing
