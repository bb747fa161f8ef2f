#pragma once

#include <tl/expected.hpp>

#include "imaging/backend.hpp"

namespace darkroom::imaging::testing {

/// What the fast backend makes of a GIF. Expects that the reference backend makes the same of it,
/// or fails with the same sentence.
[[nodiscard]] tl::expected<FramePtr, Error> gif_decoded_by_both(const EncodedImage& file);

}  // namespace darkroom::imaging::testing
