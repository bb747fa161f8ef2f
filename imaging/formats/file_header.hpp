#pragma once

#include <cstdint>
#include <optional>

#include "imaging/probe.hpp"

namespace darkroom::imaging {

/// What every format's header says; ImageInfo tells the same to everybody else.
struct FileHeader {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  Orientation orientation = Orientation::normal;
  std::uint32_t frames = 1;
  bool alpha = false;
  std::optional<Subsampling> jpeg_subsampling = {};
  bool transcodable = false;
  StoredPixels stored = {};  ///< Its file_bytes are filled in by probe.
};

}  // namespace darkroom::imaging
