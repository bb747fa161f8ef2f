#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "jobs/rendition.hpp"

namespace darkroom::fuzz {

/// An input of the pipeline's fuzz target: what is to be made, then the file. The first part has
/// one length whatever it says, so that changing it leaves the file in its place.
struct Asked {
  std::vector<jobs::RenditionSpec> renditions;  ///< 1 to 3, which can all be made.
  bool right_checksums = false;  ///< The checksums of a PNG are to be put right before decoding.
  std::span<const std::byte> file;
};

/// Bytes before the file.
inline constexpr std::size_t asking_bytes = 22;

/// `input` has at least `asking_bytes` bytes.
[[nodiscard]] Asked read_asked(std::span<const std::byte> input);

}  // namespace darkroom::fuzz
