#pragma once

#include <cstdint>

#include "imaging/decode_request.hpp"
#include "imaging/frame_shape.hpp"
#include "imaging/probe.hpp"

namespace darkroom::imaging {

/// What decoding takes, in bytes.
struct DecodingMemory {
  FrameShape frame;        ///< The upright one that comes of it.
  std::uint64_t peak = 0;  ///< While it goes on, the frame included.
  std::uint64_t kept = 0;  ///< Afterwards: the frame, and coefficients where they are asked for.
};

/// Of Backend::decode; `reference` for that of stb. The figures of other libraries' own memory are
/// measured, see docs/memory.md.
[[nodiscard]] DecodingMemory memory_of_decoding(const ImageInfo& info, const DecodeRequest& request,
                                                bool reference);

}  // namespace darkroom::imaging
