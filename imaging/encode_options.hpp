#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "jobs/rendition.hpp"

namespace darkroom::imaging {

/// An encoded file.
using EncodedImage = std::vector<std::byte>;

struct EncodeOptions {
  jobs::OutputFormat format = jobs::OutputFormat::jpeg;  ///< Not `automatic`.
  int quality = 82;          ///< Of JPEG, lossy WebP and AVIF, 1 to 100.
  bool lossless = false;     ///< WebP only.
  bool progressive = false;  ///< JPEG only.
  jobs::ChromaSubsampling subsampling = jobs::ChromaSubsampling::automatic;  ///< JPEG and AVIF.
  int effort = 4;  ///< Of WebP, AVIF and PNG: 0 is fastest, 9 smallest.
  jobs::Colour background =
      jobs::Colour::white();  ///< Under transparent pixels where the format has no alpha.
  std::optional<std::string> copyright = {};  ///< Written to the file's EXIF data.
};

}  // namespace darkroom::imaging
