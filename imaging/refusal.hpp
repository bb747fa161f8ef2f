#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

#include "imaging/error.hpp"

namespace darkroom::imaging {

inline constexpr std::string_view accepted_formats =
    "JPEG, PNG, GIF, BMP, PSD, TGA, PGM, PPM, Radiance HDR, WebP, AVIF and HEIC";

using Refusal = tl::unexpected<Error>;

[[nodiscard]] inline Refusal refuse(ErrorCode code, std::string message) {
  return Refusal(Error{code, std::move(message)});
}

/// `cause` ends the sentence "Corrupted image file: ...".
[[nodiscard]] inline Refusal corrupt(std::string_view cause) {
  return refuse(ErrorCode::corrupt, "Corrupted image file: " + std::string(cause) + ".");
}

/// `what` names the kind of file, as in "This is ..., which is not supported."
[[nodiscard]] inline Refusal unsupported(std::string_view what) {
  return refuse(ErrorCode::unsupported, "Unsupported image: this is " + std::string(what) +
                                            ". Accepted are " + std::string(accepted_formats) +
                                            "; please convert it and send it again.");
}

/// The cause that all formats share: bytes are missing at the end.
[[nodiscard]] inline Refusal cut_off(std::string_view format) {
  return corrupt("the " + std::string(format) + " data ends before the picture does");
}

[[nodiscard]] inline Refusal out_of_memory() {
  return refuse(ErrorCode::out_of_memory,
                "There is not enough memory for the pixels of this image at the moment.");
}

}  // namespace darkroom::imaging
