#pragma once

#include <cstdint>

#include "imaging/frame_shape.hpp"
#include "jobs/rendition.hpp"

namespace darkroom::imaging {

/// What encoding takes, in bytes, beside the frame.
struct EncodingMemory {
  std::uint64_t peak = 0;  ///< While it goes on, the file included.
  std::uint64_t file = 0;  ///< What the file takes afterwards.
};

/// Of Backend::encode, for the content that is hardest to compress: noise. The figures of other
/// libraries' own memory are measured, see docs/memory.md.
[[nodiscard]] EncodingMemory memory_of_encoding(const FrameShape& frame,
                                                const jobs::RenditionSpec& spec, bool reference);

/// Of a JPEG made of `coefficients` coefficients, without decoding.
[[nodiscard]] EncodingMemory memory_of_transcoding(Size size, std::uint64_t coefficients,
                                                   const jobs::RenditionSpec& spec);

}  // namespace darkroom::imaging
