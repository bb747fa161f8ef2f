#pragma once

#include "imaging/size.hpp"

namespace darkroom::imaging {

/// What the renditions to come need of an original. A decoder may always give more.
struct DecodeRequest {
  /// The smallest upright frame that suffices: a JPEG may be decoded at 1/2, 1/4 or 1/8 of its size
  /// where that is not smaller. 0 x 0: the full size is needed.
  Size sufficient = {};
  /// Picture::coefficients are wanted. Only for originals that ImageInfo::transcodable.
  bool coefficients = false;
  /// Every rendition has 4:2:0 chroma and no alpha: an opaque colour picture may come as such
  /// planes.
  bool chroma_420 = false;
};

}  // namespace darkroom::imaging
