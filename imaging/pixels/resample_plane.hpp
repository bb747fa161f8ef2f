#pragma once

#include "imaging/pixels/lanczos.hpp"
#include "imaging/pixels/row_passes.hpp"
#include "imaging/plane_buffer.hpp"
#include "imaging/size.hpp"

namespace darkroom::imaging {

/// The weights that bring a region of a plane to a size.
struct PlaneWeights {
  PlaneWeights(const Plane& source, const Region& region, Size size);

  /// The result is a cut-out of the source.
  [[nodiscard]] bool copies() const { return across.copies() && down.copies(); }

  AxisWeights across;
  AxisWeights down;
};

/// Resamples samples of 1 or 3 channels as they are, each channel by itself (any number where the
/// weights copy). `out` has the size that the weights were made for.
void resample_plane(const Plane& source, const PlaneWeights& weights, PlaneBuffer& out,
                    const RowPasses& passes = fastest_passes());

}  // namespace darkroom::imaging
