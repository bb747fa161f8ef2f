#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace darkroom::imaging {

/// Why a picture was refused or could not be made.
enum class ErrorCode : std::uint8_t {
  empty,             ///< No bytes at all.
  not_an_image,      ///< The bytes are of no image format that we know.
  unsupported,       ///< An image, but of a kind that we do not decode.
  corrupt,           ///< An image whose bytes are damaged or cut off.
  too_many_pixels,   ///< Width x height passes Limits::max_pixels.
  too_wide_or_high,  ///< One side passes Limits::max_side.
  too_many_frames,   ///< An animation with more frames than Limits::max_frames.
  too_much_memory,   ///< The job would take more than Limits::max_memory.
  out_of_memory,     ///< The machine would not give the memory for the pixels.
  encode_failed,     ///< The encoder refused a picture that we hold.
};

/// `message` is a whole sentence for the person who sent the picture: what is wrong, with figures.
struct Error {
  ErrorCode code = ErrorCode::corrupt;
  std::string message;
};

[[nodiscard]] std::string_view to_string(ErrorCode code);

/// True where trying again with the same bytes can help (out_of_memory only).
[[nodiscard]] bool is_transient(ErrorCode code);

}  // namespace darkroom::imaging
