#pragma once

#include <cstdint>

#include "imaging/frame.hpp"

namespace darkroom::tools {

/// A picture with the statistics of a photograph: detail at every scale (fractal noise, falling off
/// as 1/f) and hard edges. The same at each call.
[[nodiscard]] imaging::FramePtr synthetic_photo(std::uint32_t width, std::uint32_t height);

}  // namespace darkroom::tools
