#include "imaging/jpeg/jpeg_rows.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <jpeglib.h>

#include "imaging/colour/cmyk.hpp"
#include "imaging/colour/colour_conversion.hpp"

namespace darkroom::imaging {
namespace {

/// Enough that a conversion's start does not count, few enough that rows stay in the cache.
constexpr JDIMENSION rows_at_once = 16;
constexpr std::uint32_t cmyk_samples = 4;

bool has_black(JpegColour colour) {
  return colour == JpegColour::cmyk || colour == JpegColour::ycck;
}

SampleKind sample_kind(JpegColour colour) {
  if (has_black(colour)) return SampleKind::inverted_cmyk;
  return colour == JpegColour::grey ? SampleKind::grey : SampleKind::rgb;
}

J_COLOR_SPACE decoded_space(JpegColour colour) {
  if (has_black(colour)) return JCS_CMYK;
  return colour == JpegColour::grey ? JCS_GRAYSCALE : JCS_RGB;
}

/// What libjpeg's rows go through on their way into the frame.
struct Rows {
  std::uint8_t* frame = nullptr;
  std::size_t stride = 0;
  std::uint8_t* ink = nullptr;  ///< Room for rows_at_once of CMYK; null for others.
  const ColourConversion* conversion = nullptr;
};

/// Inside of JpegErrors::run.
void read_block(jpeg_decompress_struct& codec, const Rows& rows, JDIMENSION count) {
  std::uint8_t* const target = rows.frame + codec.output_scanline * rows.stride;
  const std::size_t stride =
      rows.ink != nullptr ? std::size_t{codec.output_width} * cmyk_samples : rows.stride;
  std::uint8_t* const decoded = rows.ink != nullptr ? rows.ink : target;
  for (JDIMENSION done = 0; done < count;) {
    std::array<JSAMPROW, rows_at_once> pointers;
    for (JDIMENSION i = done; i < count; ++i)
      pointers[i] = decoded + i * stride;
    done += jpeg_read_scanlines(&codec, &pointers[done], count - done);
  }
  const std::size_t pixels = std::size_t{codec.output_width} * count;
  if (rows.conversion != nullptr) {
    rows.conversion->convert(decoded, target, pixels);
  } else if (rows.ink != nullptr) {
    inverted_cmyk_to_rgb(decoded, target, pixels);
  }
}

}  // namespace

tl::expected<FramePtr, Error> read_jpeg_rows(JpegReader& reader, const JpegMetadata& metadata,
                                             bool keep_coefficients) {
  jpeg_decompress_struct& codec = reader.codec();
  const bool measured = reader.errors().run([&] {
    codec.out_color_space = decoded_space(metadata.colour);
    jpeg_calc_output_dimensions(&codec);
  });
  if (!measured) return tl::unexpected(reader.errors().error());

  const auto conversion = ColourConversion::to_srgb(metadata.icc, sample_kind(metadata.colour));
  const auto layout = metadata.colour == JpegColour::grey ? PixelLayout::grey : PixelLayout::rgb;
  auto samples = PlaneBuffer::tight(codec.output_width, codec.output_height, channels(layout));
  std::vector<std::uint8_t> ink;
  if (has_black(metadata.colour)) {
    ink.resize(std::size_t{codec.output_width} * cmyk_samples * rows_at_once);
  }
  const Rows rows{.frame = samples.row(0),
                  .stride = samples.view().stride,
                  .ink = ink.empty() ? nullptr : ink.data(),
                  .conversion = conversion ? &*conversion : nullptr};
  const bool read = reader.errors().run([&] {
    start_reading(codec, keep_coefficients);
    start_output(codec);
    while (codec.output_scanline < codec.output_height) {
      read_block(codec, rows, std::min(rows_at_once, codec.output_height - codec.output_scanline));
    }
    finish_reading(codec);
  });
  if (!read) return tl::unexpected(reader.errors().error());
  return std::make_shared<const Frame>(layout, std::move(samples));
}

}  // namespace darkroom::imaging
