#pragma once

#include <cstdint>

namespace darkroom::imaging {

/// Where a picture's first pixel lies in another one, or a cut-out in its source.
struct Offset {
  std::int32_t x = 0;
  std::int32_t y = 0;

  friend bool operator==(const Offset&, const Offset&) = default;
};

}  // namespace darkroom::imaging
