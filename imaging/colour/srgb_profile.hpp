#pragma once

#include <cstddef>
#include <span>

namespace darkroom::imaging {

/// True for a profile under which RGB or grey samples mean what they mean in sRGB (IEC 61966-2-1):
/// its primaries are those of sRGB and its tone curves stay within two steps of 255 of that of
/// sRGB. Whatever the profile calls itself does not count. Profiles with lookup tables count as
/// different.
[[nodiscard]] bool is_srgb_profile(std::span<const std::byte> icc);

}  // namespace darkroom::imaging
