#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/formats/file_header.hpp"
#include "imaging/size.hpp"

namespace darkroom::imaging {

/// avif or heic for a file of the HEIF family, by its brands, and by its picture's coding where
/// these leave it open; none for every other file, and for HEIF files that hold neither.
[[nodiscard]] std::optional<InputFormat> heif_format(std::span<const std::byte> file);

/// What the file says of its primary picture. Its EXIF orientation does not count: HEIF files turn
/// their pictures by properties of their own, and repeat it in the EXIF data.
struct HeifPicture {
  Size coded;  ///< As the decoder gives it, before it is cropped and turned.
  /// The part that is shown, in pixels of the coded picture.
  std::uint32_t left = 0;
  std::uint32_t top = 0;
  Size shown;
  Orientation orientation = Orientation::normal;
  bool alpha = false;
  std::uint32_t frames = 1;
  std::uint32_t depth = 8;  ///< Bits of a sample, the most of all pictures in the file.
  Subsampling subsampling{2, 2};
  bool profile = false;  ///< Its colours are to be brought to sRGB.
  bool planes = false;   ///< AVIF: 8 bits, opaque, whole, in the colours of JPEG.
};

/// Reads the boxes; nothing of the coded pictures.
[[nodiscard]] tl::expected<HeifPicture, Error> parse_heif(std::span<const std::byte> file);

/// Reads an AVIF or HEIC file's size, orientation, transparency and number of frames.
[[nodiscard]] tl::expected<FileHeader, Error> read_heif_header(std::span<const std::byte> file);

}  // namespace darkroom::imaging
