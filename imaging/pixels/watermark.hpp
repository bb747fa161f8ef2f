#pragma once

#include "imaging/frame.hpp"
#include "imaging/pixels/offset.hpp"

namespace darkroom::imaging {

/// Lays `mark` over a frame: its first pixel at `offset`, its alpha times `opacity` (0 to 1); what
/// reaches past the frame is cut off. Samples that the mark does not touch keep their values, also
/// in ycc frames, where luma is mixed pixel by pixel and chroma by the mean of the pixels that a
/// sample covers. A grey frame becomes rgb under a coloured mark. Throws std::bad_alloc.
[[nodiscard]] FramePtr lay_over(const Frame& frame, const Frame& mark, Offset offset,
                                double opacity);

}  // namespace darkroom::imaging
