#pragma once

#include <cstddef>
#include <vector>

/// ICC profiles, made by lcms2.
namespace darkroom::imaging::testing {

using ProfileBytes = std::vector<std::byte>;

[[nodiscard]] ProfileBytes srgb_profile();
/// The primaries of DCI-P3 with the white and the tone curve of sRGB, as phones write them.
[[nodiscard]] ProfileBytes display_p3_profile();
[[nodiscard]] ProfileBytes grey_profile(double gamma);
/// CMYK of ideal inks, by a table: each ink takes away its light, and cyan 40 % of it only.
[[nodiscard]] ProfileBytes weak_cyan_cmyk_profile();

}  // namespace darkroom::imaging::testing
