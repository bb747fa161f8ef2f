#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/formats/heif_items.hpp"
#include "imaging/formats/hevc_size.hpp"

namespace darkroom::imaging {

/// The largest picture that sequence parameter sets inside the data of the file's items of type
/// hvc1 announce: for a decoder these replace those of the box hvcC. None where there are no such
/// sets, as in the files of most cameras. An error where the data do not lie in the file, are no
/// NAL units, or have a set that cannot be read. The work is bounded by a few times the file.
[[nodiscard]] tl::expected<std::optional<HevcSize>, Error> hevc_size_in_items(
    std::span<const std::byte> file, const HeifItems& items);

}  // namespace darkroom::imaging
