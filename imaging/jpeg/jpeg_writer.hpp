#pragma once

#include <cstddef>
#include <memory>

#include <tl/expected.hpp>

#include "imaging/encode_options.hpp"
#include "imaging/error.hpp"
#include "imaging/frame.hpp"
#include "imaging/jpeg/jpeg_errors.hpp"
#include "imaging/size.hpp"

struct jpeg_compress_struct;

namespace darkroom::imaging {

/// The subsampling that a JPEG with these options has: ChromaSubsampling::automatic is 4:2:0 below
/// quality 90, and from there on as `source` has it.
[[nodiscard]] Subsampling output_subsampling(const EncodeOptions& options, Subsampling source);

/// One file on its way out of libjpeg.
class JpegWriter {
 public:
  JpegWriter();
  ~JpegWriter();
  JpegWriter(const JpegWriter&) = delete;
  JpegWriter& operator=(const JpegWriter&) = delete;

  /// Checks and sets what all ways of writing share: size, components (1 or 3), subsampling,
  /// quality, progressive.
  [[nodiscard]] tl::expected<void, Error> open(Size size, int components, Subsampling subsampling,
                                               const EncodeOptions& options);

  [[nodiscard]] jpeg_compress_struct& codec();
  [[nodiscard]] JpegErrors& errors() { return errors_; }

  /// The file, once it is finished.
  [[nodiscard]] EncodedImage take();

 private:
  struct Destination;

  JpegErrors errors_;
  std::unique_ptr<Destination> destination_;
  std::unique_ptr<jpeg_compress_struct> codec_;
};

/// Writes the copyright notice as an EXIF segment; right after compression has started, from inside
/// of JpegErrors::run. `exif` is what exif_with_copyright made, with "Exif\0\0" before it; may be
/// empty.
void write_exif(jpeg_compress_struct& codec, const EncodedImage& exif);
[[nodiscard]] EncodedImage exif_segment(const EncodeOptions& options);

}  // namespace darkroom::imaging
