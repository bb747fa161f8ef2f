#pragma once

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/frame.hpp"

namespace darkroom::imaging {

/// Resamples by stb_image_resize: see Backend::resample. The filter is Catmull-Rom, both ways, with
/// the edge pixels repeated outwards. It weighs the sRGB samples as they are, as browsers and most
/// image tools do, unless linear light is asked for.
[[nodiscard]] tl::expected<FramePtr, Error> stb_resample(const Frame& frame, const Region& region,
                                                         Size size, bool linear_light);

}  // namespace darkroom::imaging
