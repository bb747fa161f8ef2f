#pragma once

#include <tl/expected.hpp>

#include "imaging/encode_options.hpp"
#include "imaging/error.hpp"
#include "imaging/frame.hpp"

namespace darkroom::imaging {

/// Encodes a frame as JPEG: grey with one component, all else as YCbCr in the subsampling that
/// output_subsampling names. Planes of that subsampling go to the encoder as they are. Frames with
/// alpha are laid on options.background. Throws std::bad_alloc.
[[nodiscard]] tl::expected<EncodedImage, Error> encode_jpeg(const Frame& frame,
                                                            const EncodeOptions& options);

}  // namespace darkroom::imaging
