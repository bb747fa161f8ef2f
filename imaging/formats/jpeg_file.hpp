#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/formats/file_header.hpp"

namespace darkroom::imaging {

/// Reads a JPEG file's size, and its orientation from the EXIF segment. Refuses the kinds of JPEG
/// that stb_image cannot decode right.
[[nodiscard]] tl::expected<FileHeader, Error> read_jpeg_header(std::span<const std::byte> file);

/// Where a JPEG file's scans end: offsets of the markers behind their entropy-coded data.
using JpegScanEnds = std::vector<std::size_t>;

/// Walks the whole file, from SOI to EOI, without decoding: every table that a scan refers to is
/// there, every component is coded, no restart interval is missing. Bytes behind EOI are ignored.
[[nodiscard]] tl::expected<JpegScanEnds, Error> check_jpeg(std::span<const std::byte> file);

}  // namespace darkroom::imaging
