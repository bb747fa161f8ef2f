#pragma once

#include <cstdint>

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/frame.hpp"

namespace darkroom::imaging {

/// Resamples by stb_image_resize: see Backend::resample. The filter is Catmull-Rom, both ways, with
/// the edge pixels repeated outwards. It weighs the sRGB samples as they are, not linear light, as
/// browsers and most image tools do.
[[nodiscard]] tl::expected<FramePtr, Error> stb_resample(const Frame& frame, std::uint32_t width,
                                                         std::uint32_t height);

}  // namespace darkroom::imaging
