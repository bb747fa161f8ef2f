#pragma once

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/frame.hpp"
#include "imaging/jpeg/jpeg_reader.hpp"

namespace darkroom::imaging {

/// Decodes to planes as the file has them, which is possible where plane_subsampling names one; the
/// inverse transform writes into the frame. Throws std::bad_alloc.
[[nodiscard]] tl::expected<FramePtr, Error> read_jpeg_planes(JpegReader& reader,
                                                             bool keep_coefficients);

}  // namespace darkroom::imaging
