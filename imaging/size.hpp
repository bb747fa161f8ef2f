#pragma once

#include <cstdint>

namespace darkroom::imaging {

/// In pixels.
struct Size {
  std::uint32_t width = 0;
  std::uint32_t height = 0;

  friend bool operator==(const Size&, const Size&) = default;
};

/// A part of a picture in its pixels, which may begin and end between two of them: (0, 0) is the
/// outer corner of the first pixel, so the whole picture is {0, 0, width, height}.
struct Region {
  double left = 0;
  double top = 0;
  double width = 0;
  double height = 0;

  friend bool operator==(const Region&, const Region&) = default;
};

[[nodiscard]] constexpr Region whole(Size size) {
  return {0, 0, static_cast<double>(size.width), static_cast<double>(size.height)};
}

}  // namespace darkroom::imaging
