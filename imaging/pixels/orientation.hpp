#pragma once

#include "imaging/frame.hpp"
#include "imaging/probe.hpp"

namespace darkroom::imaging {

/// Turns a stored picture upright; its width and height change places for the orientations 5 to 8.
/// Throws std::bad_alloc.
[[nodiscard]] FramePtr make_upright(FramePtr stored, Orientation orientation);

}  // namespace darkroom::imaging
