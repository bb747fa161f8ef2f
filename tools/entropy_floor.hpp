#pragma once

#include <cstddef>
#include <span>
#include <string>

#include <tl/expected.hpp>

#include "imaging/encode_options.hpp"

namespace darkroom::tools {

/// CPU time in milliseconds that libjpeg-turbo takes to bring a JPEG file from its entropy coding
/// to coefficients, and the coefficients of the JPEG files `made` of it to theirs: what no job that
/// reads and writes these files with this library can go below. No pixels are computed.
[[nodiscard]] tl::expected<double, std::string> entropy_floor(
    std::span<const std::byte> original, std::span<const imaging::EncodedImage> made);

}  // namespace darkroom::tools
