#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "imaging/size.hpp"

namespace darkroom::imaging {

struct HevcSize {
  Size coded;  ///< In luma samples, filled up to whole blocks: what the decoder will allocate.
  Size shown;  ///< Without the filling.
};

/// The largest picture that the sequence parameter sets in a box hvcC (ISO/IEC 14496-15, section
/// 8.3.3) announce. None where they cannot be read.
[[nodiscard]] std::optional<HevcSize> hevc_size(std::span<const std::byte> configuration);

/// By the header of the NAL unit, which is what a decoder goes by.
[[nodiscard]] bool is_sequence_parameter_set(std::span<const std::byte> nal_unit);

/// What one sequence parameter set announces, as a NAL unit with its header. None where it cannot
/// be read.
[[nodiscard]] std::optional<HevcSize> size_in_parameter_set(std::span<const std::byte> nal_unit);

/// The one of more coded pixels.
[[nodiscard]] HevcSize larger(HevcSize a, HevcSize b);

}  // namespace darkroom::imaging
