#pragma once

#include <cstddef>
#include <span>

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/frame.hpp"
#include "imaging/probe.hpp"

namespace darkroom::imaging {

/// Decodes by stb_image: see Backend::decode. The file is walked and checked before stb_image sees
/// it, which by itself fills what is missing of a damaged file and reports success. Samples of 16
/// bits are cut to 8; Radiance pictures are brought to sRGB with a gamma of 2.2 and clipped at 1.
/// A GIF whose table of codes is full and not cleared soon is refused as corrupt ("too many
/// codes"), though it is valid; fast_backend() reads it. A picture whose alpha is 255 throughout
/// becomes one without alpha.
[[nodiscard]] tl::expected<FramePtr, Error> stb_decode(std::span<const std::byte> file,
                                                       const Limits& limits);

}  // namespace darkroom::imaging
