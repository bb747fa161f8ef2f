#pragma once

#include "imaging/frame.hpp"
#include "imaging/pixels/offset.hpp"
#include "jobs/rendition.hpp"

namespace darkroom::imaging {

/// Lays a frame on an opaque background of `canvas` pixels, which must hold it at `offset`. A grey
/// frame becomes rgb where the background is not grey. Throws std::bad_alloc.
[[nodiscard]] FramePtr pad(const Frame& frame, Size canvas, Offset offset, jobs::Colour background);

}  // namespace darkroom::imaging
