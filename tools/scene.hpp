#pragma once

#include "imaging/frame.hpp"

namespace darkroom::tools {

/// Pictures for the documentation, drawn by formulas: the same at each call and free of anyone's
/// rights.

/// Hills under an evening sky, with a red house right of the middle: its windows, its fence and a
/// flag are the detail that a crop should keep. 1200x800, opaque.
[[nodiscard]] imaging::FramePtr hills_with_house();

/// A round blue badge with a white star on a transparent ground. 360x360.
[[nodiscard]] imaging::FramePtr badge();

/// Stars of one pixel on black, half of the sky full of them: what resampling of gamma-encoded
/// values makes too dark. 1200x800.
[[nodiscard]] imaging::FramePtr night_sky();

/// Thin red lines on blue: where halved chroma shows most. 240x160.
[[nodiscard]] imaging::FramePtr red_on_blue();

}  // namespace darkroom::tools
