#pragma once

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/formats/jpeg_metadata.hpp"
#include "imaging/frame.hpp"
#include "imaging/jpeg/jpeg_reader.hpp"

namespace darkroom::imaging {

/// Decodes to interleaved sRGB, or to grey: for grey files, and for those whose planes are of no
/// use because they are RGB or CMYK, in another colour space, or subsampled in a rare way. CMYK
/// without a profile goes by inverted_cmyk_to_rgb. Throws std::bad_alloc.
[[nodiscard]] tl::expected<FramePtr, Error> read_jpeg_rows(JpegReader& reader,
                                                           const JpegMetadata& metadata,
                                                           bool keep_coefficients);

}  // namespace darkroom::imaging
