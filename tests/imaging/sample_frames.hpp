#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <tl/expected.hpp>

#include "imaging/backend.hpp"
#include "imaging/frame.hpp"

namespace darkroom::imaging::testing {

using Colour = std::array<std::uint8_t, 3>;

inline constexpr Colour red{220, 30, 30};
inline constexpr Colour green{30, 200, 60};
inline constexpr Colour blue{40, 50, 210};
inline constexpr Colour yellow{230, 220, 40};

/// Red, green over blue, yellow: no two quadrants alike, so that every turn shows.
[[nodiscard]] FramePtr quadrants(std::uint32_t width, std::uint32_t height);

/// Smooth waves with some hard edges, in any layout; alpha goes from clear to opaque.
[[nodiscard]] FramePtr picture(std::uint32_t width, std::uint32_t height,
                               PixelLayout layout = PixelLayout::rgb);

/// One colour all over. `samples` is one pixel.
[[nodiscard]] FramePtr plain(std::uint32_t width, std::uint32_t height, PixelLayout layout,
                             const std::vector<std::uint8_t>& samples);

/// The samples of one pixel.
[[nodiscard]] std::vector<std::uint8_t> pixel(const Frame& frame, std::uint32_t x, std::uint32_t y);

/// The colour of one pixel of an rgb frame.
[[nodiscard]] Colour colour_at(const Frame& frame, std::uint32_t x, std::uint32_t y);

/// Largest difference of a channel.
[[nodiscard]] int distance(const Colour& a, const Colour& b);

/// Mean absolute difference of the samples of two frames of one size and layout.
[[nodiscard]] double mean_difference(const Frame& a, const Frame& b);

/// What the reference backend makes of a file.
[[nodiscard]] tl::expected<FramePtr, Error> stb_decoded(std::span<const std::byte> file,
                                                        const Limits& limits = {});

[[nodiscard]] EncodedImage jpeg_of(const Frame& frame, int quality = 90);
[[nodiscard]] EncodedImage png_of(const Frame& frame);

}  // namespace darkroom::imaging::testing
