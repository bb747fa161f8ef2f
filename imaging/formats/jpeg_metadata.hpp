#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/formats/jpeg_frame.hpp"
#include "imaging/frame.hpp"
#include "imaging/probe.hpp"

namespace darkroom::imaging {

/// What a JPEG's samples are.
enum class JpegColour : std::uint8_t { grey, ycc, rgb, cmyk, ycck };

/// What stands in a JPEG file before its first scan.
struct JpegMetadata {
  JpegFrame frame;
  JpegColour colour = JpegColour::ycc;
  Orientation orientation = Orientation::normal;
  bool several_scans = false;
  std::optional<std::string> copyright;
  std::vector<std::byte> icc;  ///< Put together from its segments; empty where there is none.
};

/// Reads the segments up to the first scan. Refuses what read_jpeg_frame refuses, and four
/// components of which nothing says what they are. A file that ends behind its frame header is
/// taken as it is.
[[nodiscard]] tl::expected<JpegMetadata, Error> read_jpeg_metadata(std::span<const std::byte> file);

/// How the chroma planes are subsampled, where luma and chroma are as a frame of layout ycc can
/// have them: 4:4:4, 4:2:2, 4:2:0, 4:4:0, 4:1:1, 4:1:0. None for other factors; {1, 1} for grey.
[[nodiscard]] std::optional<Subsampling> plane_subsampling(const JpegFrame& frame);

}  // namespace darkroom::imaging
