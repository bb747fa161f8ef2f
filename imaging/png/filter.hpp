#pragma once

#include <cstddef>
#include <cstdint>

#include "imaging/plane_buffer.hpp"

namespace darkroom::imaging {

/// Filters all rows for compression, a filter byte before each; to every row the filter whose bytes
/// are smallest in sum, as the PNG specification advises in section 12.7. `out` takes
/// height x (1 + width x channels) bytes. Throws std::bad_alloc.
void filter_rows(const Plane& samples, std::uint8_t* out);

}  // namespace darkroom::imaging
