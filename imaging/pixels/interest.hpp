#pragma once

#include "imaging/frame.hpp"
#include "imaging/size.hpp"

namespace darkroom::imaging {

/// The largest window with the proportions of `shape` that lies in a frame where it shows the most:
/// edges (the Laplacian of brightness) above all, then colours that are strong or like skin. That
/// is the idea of smartcrop.js (Jonas Wagner, 2014), whose skin colour this uses. Of equals the one
/// nearest to the centre is taken. A frame of some 300 pixels a side suffices. Windows begin at
/// whole pixels. Deterministic; throws std::bad_alloc.
[[nodiscard]] Region most_interesting(const Frame& frame, Size shape);

}  // namespace darkroom::imaging
