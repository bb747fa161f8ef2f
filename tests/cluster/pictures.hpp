#pragma once

#include <cstdint>
#include <string>

#include "imaging/frame.hpp"

namespace darkroom::cluster {

/// Four quadrants of different colours with a gradient over all: no two corners are alike, so that
/// a turned, mirrored or mixed-up picture is found out.
[[nodiscard]] imaging::Frame quadrants(std::uint32_t width, std::uint32_t height);

/// Takes a worker a second or more, and less to upload than `http.max_upload`, 64 MiB, as ppm.
[[nodiscard]] imaging::Frame large_picture();

/// The left half opaque red, the right half fully transparent over black.
[[nodiscard]] imaging::Frame half_transparent(std::uint32_t width, std::uint32_t height);

/// Turned left to right.
[[nodiscard]] imaging::Frame mirrored(const imaging::Frame& frame);

[[nodiscard]] std::string jpeg_of(const imaging::Frame& frame);
[[nodiscard]] std::string png_of(const imaging::Frame& frame);
/// Portable pixmap: costs nothing to make, so that large pictures keep workers busy and not the
/// test.
[[nodiscard]] std::string ppm_of(const imaging::Frame& frame);

/// A PNG file whose header claims these sides and whose data is that of one pixel.
[[nodiscard]] std::string png_claiming(std::uint32_t width, std::uint32_t height);

/// Throws std::runtime_error with the decoder's message.
[[nodiscard]] imaging::FramePtr decoded(const std::string& file);

/// By how much the samples of `frame` differ on average from those of `original` brought to the
/// same size by averaging the pixels under each pixel; both rgb, and `frame` not the larger one.
[[nodiscard]] double mean_difference(const imaging::Frame& frame, const imaging::Frame& original);

}  // namespace darkroom::cluster
