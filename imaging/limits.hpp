#pragma once

#include <cstdint>
#include <string>

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/probe.hpp"

namespace darkroom::imaging {

/// Refuses a size that passes the limits, or that has no pixels, with the figures.
[[nodiscard]] tl::expected<void, Error> check_limits(std::uint32_t width, std::uint32_t height,
                                                     const Limits& limits);

/// "640x480"
[[nodiscard]] std::string size_text(std::uint32_t width, std::uint32_t height);

}  // namespace darkroom::imaging
