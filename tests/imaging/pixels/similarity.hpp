#pragma once

#include "imaging/frame.hpp"
#include "imaging/plane_buffer.hpp"

namespace darkroom::imaging::testing {

/// Structural similarity (Wang, Bovik, Sheikh and Simoncelli, IEEE Transactions on Image Processing
/// 13(4), 2004) of two planes of one size and channel count: the mean over windows of 8 x 8
/// samples, four apart; 1 for equal planes. Channels are averaged.
[[nodiscard]] double ssim(const Plane& a, const Plane& b);

/// Of the brightness of two frames of one size, whatever their layouts.
[[nodiscard]] double ssim(const Frame& a, const Frame& b);

/// Mean of b - a over all samples.
[[nodiscard]] double mean_shift(const Plane& a, const Plane& b);

/// Largest difference of a sample.
[[nodiscard]] int largest_difference(const Plane& a, const Plane& b);
[[nodiscard]] int largest_difference(const Frame& a, const Frame& b);

/// Same size, layout, subsampling and samples.
[[nodiscard]] bool same(const Frame& a, const Frame& b);

}  // namespace darkroom::imaging::testing
