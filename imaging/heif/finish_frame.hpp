#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "imaging/formats/heif_file.hpp"
#include "imaging/frame.hpp"

namespace darkroom::imaging {

/// A profile of the primaries that a file names by number (ITU-T H.273, table 2); empty where they
/// are those of sRGB, or nothing is known of them. The tone curve is that of sRGB.
[[nodiscard]] std::vector<std::byte> profile_of_primaries(std::uint16_t number);

/// True for the transfer characteristics of high dynamic range, PQ and HLG (H.273, table 3).
[[nodiscard]] bool is_high_dynamic_range(std::uint16_t transfer);

/// Crops an interleaved frame as its file wants it, drops an opaque alpha channel, brings it to
/// sRGB and turns it upright. Throws std::bad_alloc.
[[nodiscard]] FramePtr finish_frame(FramePtr frame, const HeifPicture& picture,
                                    std::span<const std::byte> profile);

}  // namespace darkroom::imaging
