#pragma once

#include <string>

#include "imaging/frame.hpp"

namespace darkroom::imaging {

/// The BlurHash of a picture, a short text that a page draws as a blurred stand-in until the
/// picture is there (algorithm: woltapp/blurhash, Algorithm.md). 1 to 9 components each way; the
/// usual 4 x 3 give 28 characters. Transparent pixels count as white. Meant for thumbnails: the
/// time grows with the pixels. Throws std::bad_alloc.
[[nodiscard]] std::string blurhash(const Frame& thumbnail, int x_components, int y_components);

}  // namespace darkroom::imaging
