#pragma once

#include <cstdint>
#include <vector>

#include "imaging/frame.hpp"
#include "imaging/probe.hpp"

namespace darkroom::imaging {

/// Turns stored samples upright. `width` and `height` are those of the stored picture; the frame
/// has them swapped for the orientations 5 to 8.
[[nodiscard]] FramePtr make_upright(std::uint32_t width, std::uint32_t height, PixelLayout layout,
                                    std::vector<std::uint8_t> samples, Orientation orientation);

}  // namespace darkroom::imaging
