#pragma once

#include "imaging/frame.hpp"
#include "jobs/rendition.hpp"

namespace darkroom::imaging {

/// The colour that a picture has most of: the colours are sorted into 16 x 16 x 16 cells, and the
/// mean of the fullest is taken (of equals, the darkest). Pixels less than half opaque do not
/// count; white where none counts. Throws std::bad_alloc.
[[nodiscard]] jobs::Colour dominant_colour(const Frame& frame);

}  // namespace darkroom::imaging
