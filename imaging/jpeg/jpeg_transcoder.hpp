#pragma once

#include <tl/expected.hpp>

#include "imaging/encode_options.hpp"
#include "imaging/error.hpp"
#include "imaging/jpeg/jpeg_coefficients.hpp"

namespace darkroom::imaging {

/// True where a JPEG with these options can be made of the coefficients: its subsampling is theirs.
[[nodiscard]] bool can_transcode(const JpegCoefficients& coefficients,
                                 const EncodeOptions& options);

/// Writes the coefficients at another quality, without going through pixels. Where the step of the
/// quality asked for is finer than the original's, the original's is kept: nothing can be gained.
/// All metadata but options.copyright are left out. Throws std::bad_alloc.
[[nodiscard]] tl::expected<EncodedImage, Error> transcode_jpeg(const JpegCoefficients& coefficients,
                                                               const EncodeOptions& options);

}  // namespace darkroom::imaging
