#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace darkroom::http {

/// A PNM picture in colour, its pixels a pattern.
[[nodiscard]] std::string pnm_picture(std::uint32_t width, std::uint32_t height);

/// The header of a PNM picture whose pixels do not come.
[[nodiscard]] std::string pnm_header(std::uint32_t width, std::uint32_t height);

/// The start of a TIFF file: an image, of a kind that is not decoded.
[[nodiscard]] std::string tiff_start();

/// The first bytes of a PNG file, cut off within its header.
[[nodiscard]] std::string cut_off_png();

}  // namespace darkroom::http
