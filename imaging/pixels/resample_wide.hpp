#pragma once

#include "imaging/frame.hpp"
#include "imaging/pixels/resample_plane.hpp"
#include "imaging/pixels/row_passes.hpp"
#include "imaging/plane_buffer.hpp"

namespace darkroom::imaging {

/// Resamples an interleaved frame through samples of more than 8 bits: premultiplied by alpha where
/// the layout has it, in linear light where that is asked for. Where nothing shows, colours are 0.
void resample_wide(const Frame& frame, const PlaneWeights& weights, bool linear_light,
                   PlaneBuffer& out, const RowPasses& passes);

}  // namespace darkroom::imaging
