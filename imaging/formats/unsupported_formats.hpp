#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace darkroom::imaging {

/// Names the format, with its article, of a file that we recognise but do not decode: "a TIFF
/// or camera raw image".
[[nodiscard]] std::optional<std::string_view> name_unsupported_format(
    std::span<const std::byte> file);

}  // namespace darkroom::imaging
