#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/frame.hpp"
#include "imaging/size.hpp"
#include "imaging/stored_pixels.hpp"

namespace darkroom::imaging {

/// What is checked before any pixel is allocated.
struct Limits {
  std::uint64_t max_pixels = 100'000'000;
  std::uint32_t max_side = 65'535;
  std::uint32_t max_frames = 1'000;  ///< Of an animation.
  bool heif = true;                  ///< AVIF and HEIC are taken (the setting imaging.heif).
  bool only_stb = false;             ///< What stb_backend() cannot read is refused.
  /// Bytes that one job may take by estimate_memory. Not looked at by probe, which does not know
  /// what is to be made of the picture.
  std::uint64_t max_memory = std::uint64_t{1} << 30U;
};

/// For files that we made ourselves: a user's limits are about what is sent to us.
inline constexpr Limits no_limits{.max_pixels = std::numeric_limits<std::uint64_t>::max(),
                                  .max_side = std::numeric_limits<std::uint32_t>::max(),
                                  .max_frames = std::numeric_limits<std::uint32_t>::max(),
                                  .max_memory = std::numeric_limits<std::uint64_t>::max()};

enum class InputFormat : std::uint8_t {
  jpeg,
  png,
  gif,
  bmp,
  psd,
  tga,
  pnm,
  hdr,
  webp,
  avif,
  heic,
};

/// EXIF orientation, numbered as in the EXIF 2.3 standard, tag 0x0112.
enum class Orientation : std::uint8_t {
  normal = 1,
  mirrored = 2,
  rotated_180 = 3,
  flipped = 4,
  transposed = 5,
  rotated_90 = 6,  ///< Shown upright after a quarter turn clockwise.
  transversed = 7,
  rotated_270 = 8,
};

/// What an image's header says.
struct ImageInfo {
  InputFormat format = InputFormat::jpeg;
  std::uint32_t width = 0;  ///< Pixels as stored, before the orientation is applied.
  std::uint32_t height = 0;
  Orientation orientation = Orientation::normal;
  std::uint32_t frames = 1;  ///< Of an animation; the first one is what is rendered.
  bool alpha = false;        ///< The file can have transparent pixels.
  /// How a JPEG of YCbCr or grey samples has its chroma; none for other files.
  std::optional<Subsampling> jpeg_subsampling = {};
  /// A JPEG whose coefficients can be used as they are: 8 bits, YCbCr or grey, upright, sRGB.
  bool transcodable = false;
  StoredPixels stored = {};
};

/// The size as it is shown: width and height change places for a quarter turn.
[[nodiscard]] Size upright_size(const ImageInfo& info);

/// Reads the header alone: no pixel is decoded and nothing is allocated in proportion to the
/// picture. Checks the limits. `bytes` is the whole file (it may be a memory-mapped one).
/// Pure and thread-safe.
[[nodiscard]] tl::expected<ImageInfo, Error> probe(std::span<const std::byte> bytes,
                                                   const Limits& limits);

[[nodiscard]] std::string_view to_string(InputFormat format);     ///< "jpeg"
[[nodiscard]] std::string_view content_type(InputFormat format);  ///< "image/jpeg"
[[nodiscard]] std::string_view extension(InputFormat format);     ///< "jpg"

}  // namespace darkroom::imaging
