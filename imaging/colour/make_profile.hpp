#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace darkroom::imaging {

/// CIE 1931 x and y.
struct Chromaticity {
  double x = 0;
  double y = 0;
};

struct Primaries {
  Chromaticity white;
  Chromaticity red;
  Chromaticity green;
  Chromaticity blue;

  /// IEC 61966-2-1
  [[nodiscard]] static constexpr Primaries srgb() {
    return {{0.3127, 0.3290}, {0.64, 0.33}, {0.30, 0.60}, {0.15, 0.06}};
  }
};

/// An ICC profile for RGB samples that a file describes by figures in place of a profile: the
/// exponent from sample to light, or the curve of sRGB where there is none. Empty where the figures
/// describe no colour space.
[[nodiscard]] std::vector<std::byte> make_profile(const Primaries& primaries,
                                                  std::optional<double> gamma);

/// The same for grey samples, which have no primaries.
[[nodiscard]] std::vector<std::byte> make_grey_profile(double gamma);

}  // namespace darkroom::imaging
