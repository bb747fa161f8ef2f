#pragma once

#include <vector>

#include "imaging/plane_buffer.hpp"
#include "imaging/size.hpp"

namespace darkroom::imaging::testing {

/// A plane resampled with Lanczos3 in double precision, written down plainly: the filter is widened
/// when shrinking, and the plane is mirrored at its edges. Not rounded or clamped; row by row, the
/// channels of a pixel side by side.
[[nodiscard]] std::vector<double> reference_values(const Plane& source, const Region& region,
                                                   Size size);

/// The same, rounded and clamped.
[[nodiscard]] PlaneBuffer reference_resample(const Plane& source, const Region& region, Size size);

}  // namespace darkroom::imaging::testing
