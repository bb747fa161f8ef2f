#pragma once

#include <cstdint>

#include "imaging/probe.hpp"

namespace darkroom::imaging {

/// What every format's header says.
struct FileHeader {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  Orientation orientation = Orientation::normal;
};

}  // namespace darkroom::imaging
