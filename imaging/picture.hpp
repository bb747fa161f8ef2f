#pragma once

#include <memory>
#include <optional>
#include <string>

#include "imaging/frame.hpp"
#include "imaging/size.hpp"

namespace darkroom::imaging {

class JpegCoefficients;

/// A decoded original or a rendition, as further renditions are made of it. Immutable.
struct Picture {
  Size size;       ///< Upright. What the renditions' sizes are computed from.
  FramePtr frame;  ///< As large as `size`, or smaller where DecodeRequest allowed it.
  /// The part of `frame`, in its pixels, that the picture fills: all of it, but where a size that
  /// was reduced is no whole number of pixels (2725 at half size fills 1362.5 of 1363).
  Region extent;
  /// The JPEG's quantised DCT coefficients at full size, where they were asked for: a rendition
  /// that changes nothing but the quality is made of them without leaving the frequency domain.
  std::shared_ptr<const JpegCoefficients> coefficients;
  /// The copyright notice of the file's EXIF data (tag 0x8298), where there is one.
  std::optional<std::string> copyright;
};

using PicturePtr = std::shared_ptr<const Picture>;

/// A picture at full size, with nothing known but its pixels.
[[nodiscard]] Picture picture_of(FramePtr frame);

/// Which part of the frame a region of the picture is.
[[nodiscard]] Region in_frame(const Picture& picture, const Region& region);

}  // namespace darkroom::imaging
