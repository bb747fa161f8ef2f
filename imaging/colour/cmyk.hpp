#pragma once

#include <cstddef>
#include <cstdint>

namespace darkroom::imaging {

/// CMYK without a profile, by the plain formula R = (1 - C) x (1 - K) and so on, rounded to
/// nearest: what ideal inks would give. Samples are inverted as Adobe writes them into JPEG files:
/// 255 is no ink.
void inverted_cmyk_to_rgb(const std::uint8_t* cmyk, std::uint8_t* rgb, std::size_t pixels);

}  // namespace darkroom::imaging
