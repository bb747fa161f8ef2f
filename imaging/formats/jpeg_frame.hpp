#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/formats/jpeg_segments.hpp"

namespace darkroom::imaging {

/// One component of a frame header (T.81, B.2.2).
struct JpegComponent {
  std::uint8_t id = 0;
  std::uint32_t across = 1;  ///< Sampling factors, 1 to 4.
  std::uint32_t down = 1;
  std::size_t quantization = 0;
  bool coded = false;  ///< A scan has brought its DC coefficients.
};

/// What a frame header says.
struct JpegFrame {
  bool progressive = false;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::vector<JpegComponent> components;
  std::uint32_t most_across = 1;
  std::uint32_t most_down = 1;
};

/// Reads a frame header. Refuses the coding processes and layouts that stb_image cannot decode.
[[nodiscard]] tl::expected<JpegFrame, Error> read_jpeg_frame(const JpegSegment& segment);

}  // namespace darkroom::imaging
