#pragma once

#include "imaging/frame.hpp"

namespace darkroom::imaging {

/// An unsharp mask: adds `strength` times the difference between a picture and its blur, which is
/// the binomial 1-2-1 both ways: a radius of about 0.7 pixels, as shrunk pictures need. It works on
/// brightness alone, so that no coloured seams appear; transparent neighbours do not count.
/// `strength` is 0 (a copy) to 4. Throws std::bad_alloc.
[[nodiscard]] FramePtr sharpen(const Frame& frame, double strength);

}  // namespace darkroom::imaging
