#include "imaging/memory_of_encoding.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace darkroom::imaging {
namespace {

using jobs::ChromaSubsampling;
using jobs::RenditionSpec;

constexpr std::uint64_t kib = std::uint64_t{1} << 10U;
constexpr std::uint64_t mib = std::uint64_t{1} << 20U;
constexpr int fine_quality = 90;

std::uint64_t times(std::uint64_t count, double bytes) {
  return static_cast<std::uint64_t>(std::ceil(static_cast<double>(count) * bytes));
}

/// A measured value, good up to a quality.
struct UpTo {
  int quality;
  double bytes;
};

template <std::size_t Count>
double at_quality(const std::array<UpTo, Count>& table, int quality) {
  const auto found =
      std::ranges::find_if(table, [&](const UpTo& entry) { return quality <= entry.quality; });
  return found == table.end() ? table.back().bytes : found->bytes;
}

/// What is kept of a file while a higher quality or a smaller one is tried (max_bytes).
std::uint64_t best_so_far(const RenditionSpec& spec) {
  return spec.max_bytes;
}

/// Beside a frame that is converted before it is encoded.
std::uint64_t planes_bytes(const FrameShape& frame, Subsampling subsampling) {
  return bytes_of({frame.size, PixelLayout::ycc, subsampling});
}

bool is_grey(PixelLayout layout) {
  return layout == PixelLayout::grey || layout == PixelLayout::grey_alpha;
}

Subsampling chosen(const FrameShape& frame, const RenditionSpec& spec) {
  switch (spec.subsampling) {
    case ChromaSubsampling::s420:
      return {2, 2};
    case ChromaSubsampling::s422:
      return {2, 1};
    case ChromaSubsampling::s444:
      return {1, 1};
    case ChromaSubsampling::automatic:
      break;
  }
  return spec.quality < fine_quality ? Subsampling{2, 2} : frame.subsampling;
}

// -- JPEG ----------------------------------------------------------------------------------------

/// Of a sample, in noise.
constexpr std::array<UpTo, 6> jpeg_noise{
    {{50, 0.45}, {75, 0.58}, {82, 0.66}, {90, 0.82}, {95, 1.05}, {100, 1.62}}};

/// JpegWriter's buffer begins at a likely size and is doubled, the old one beside the new.
EncodingMemory jpeg_file(Size size, std::uint64_t samples, int quality) {
  const std::uint64_t needed = times(samples, at_quality(jpeg_noise, quality)) + 4 * kib;
  std::uint64_t capacity = 8 * kib + pixels_of(size) / 8;
  std::uint64_t peak = capacity;
  while (capacity < needed) {
    capacity *= 2;
    peak = capacity + capacity / 2;
  }
  return {.peak = peak, .file = capacity};
}

EncodingMemory jpeg(FrameShape frame, const RenditionSpec& spec) {
  std::uint64_t converted = 0;
  if (has_alpha(frame.layout)) {
    frame.layout = is_grey(frame.layout) && spec.background.red == spec.background.green &&
                           spec.background.green == spec.background.blue
                       ? PixelLayout::grey
                       : PixelLayout::rgb;
    converted += bytes_of(frame);
  }
  FrameShape coded = frame;
  if (frame.layout != PixelLayout::grey) {
    coded = {frame.size, PixelLayout::ycc, chosen(frame, spec)};
    const bool as_it_is =
        frame.layout == PixelLayout::ycc && frame.subsampling == coded.subsampling;
    if (!as_it_is) converted += bytes_of(coded);
  }
  const std::uint64_t samples = samples_of(coded);
  // A progressive file is made of all coefficients, 2 bytes each, in whole blocks.
  const std::uint64_t held =
      spec.progressive ? 2 * samples + 64 * std::uint64_t{frame.size.width + frame.size.height} : 0;
  const EncodingMemory file = jpeg_file(frame.size, samples, spec.quality);
  return {.peak = converted + held + file.peak + 96 * kib + 64 * std::uint64_t{frame.size.width},
          .file = file.file};
}

// -- PNG -----------------------------------------------------------------------------------------

EncodingMemory png(const FrameShape& frame, const RenditionSpec& spec) {
  const PixelLayout layout = frame.layout == PixelLayout::ycc ? PixelLayout::rgb : frame.layout;
  const FrameShape coded{frame.size, layout, {}};
  const std::uint64_t converted = frame.layout == PixelLayout::ycc ? bytes_of(coded) : 0;
  const std::uint64_t rows = bytes_of(coded) + frame.size.height;
  const std::uint64_t file = rows + rows / 1'000 + 4 * kib;
  // The compressor's own tables; from level 10 on it looks for the shortest coding.
  constexpr int thorough = 8;
  const std::uint64_t compressor = spec.effort >= thorough ? 9'200 * kib : 720 * kib;
  // Filtered rows, compressed ones, and the file that these are copied to.
  return {.peak = converted + rows + 2 * file + compressor, .file = file};
}

// -- WebP ----------------------------------------------------------------------------------------

/// Per pixel, planes in the range of video included. From effort 3 on libwebp keeps the symbols of
/// the whole picture.
constexpr std::array<UpTo, 3> webp_quick{{{82, 4.2}, {95, 5.0}, {100, 10.0}}};
constexpr std::array<UpTo, 6> webp_thorough{
    {{30, 12.4}, {60, 15.0}, {82, 18.8}, {90, 21.9}, {95, 25.0}, {100, 29.0}}};

/// From effort 4 on it makes tables of how often each symbol occurs, at first in proportion to the
/// picture and then less.
std::uint64_t lossless_webp(std::uint64_t pixels, int effort) {
  const std::uint64_t tables = 1'300 * kib;
  if (effort == 0) return times(pixels, 28.2) + tables;
  if (effort == 1) return times(pixels, 34.8) + tables;
  if (effort < 4) return times(pixels, 40) + tables;
  const std::uint64_t large = 33 * mib + times(pixels, 31);
  if (effort == 4) return std::min(times(pixels, 100) + tables, large);
  if (effort < 8) {
    return std::min({times(pixels, 1'200) + tables, times(pixels, 70) + 15 * mib, large});
  }
  return std::min(times(pixels, 1'200) + tables, times(pixels, 88) + 14 * mib);
}

EncodingMemory webp(const FrameShape& frame, const RenditionSpec& spec) {
  const std::uint64_t pixels = pixels_of(frame.size);
  const bool alpha = has_alpha(frame.layout);
  std::uint64_t peak = 256 * kib;
  double file = 3.0 * 0.8;
  if (spec.lossless) {
    file = alpha ? 4.01 : 3.01;
    const bool imported = frame.layout == PixelLayout::rgb || frame.layout == PixelLayout::rgba;
    if (!imported) peak += times(pixels, alpha ? 4 : 3);
    peak += lossless_webp(pixels, spec.effort);
  } else if (alpha) {
    peak += spec.effort < 3   ? times(pixels, 27.5) + mib
            : spec.effort < 5 ? times(pixels, 42) + mib
                              : times(pixels, 47) + 13 * mib;
    file += 1.01;
  } else {
    const auto& table_bytes = spec.effort < 3 ? at_quality(webp_quick, spec.quality)
                                              : at_quality(webp_thorough, spec.quality);
    const bool planes = frame.layout == PixelLayout::ycc;
    if (planes && frame.subsampling != Subsampling{2, 2}) peak += planes_bytes(frame, {2, 2});
    peak += times(pixels, table_bytes) + 128 * std::uint64_t{frame.size.width};
  }
  const std::uint64_t file_bytes = times(pixels, file) + 4 * kib;
  // The chunk with the notice is put in by copying the file, twice.
  if (spec.keep_copyright) peak = std::max(peak, 3 * file_bytes);
  return {.peak = peak, .file = file_bytes};
}

// -- AVIF ----------------------------------------------------------------------------------------

/// libaom 3.6. From effort 3 on it holds far more of pictures above a certain size.
EncodingMemory avif(const FrameShape& frame, const RenditionSpec& spec) {
  const std::uint64_t pixels = pixels_of(frame.size);
  const bool large = std::min(frame.size.width, frame.size.height) > 720 || pixels > 700'000;
  std::uint64_t peak = 0;
  if (spec.effort < 3) {
    peak = times(pixels, 23.2) + 2 * mib;
  } else if (!large) {
    peak = spec.effort < 5 ? times(pixels, 37.5) + 2 * mib : times(pixels, 46.5) + 3'700 * kib;
  } else {
    peak = std::max(std::min(times(pixels, 145), 176 * mib), times(pixels, 109));
  }
  const bool fine =
      spec.subsampling == ChromaSubsampling::automatic && spec.quality >= fine_quality;
  const bool grey = is_grey(frame.layout);
  if (!grey && (spec.subsampling == ChromaSubsampling::s444 || fine)) {
    peak = spec.effort < 3 ? times(pixels, 47) + 2 * mib : times(peak, 1.6);
  } else if (!grey && spec.subsampling == ChromaSubsampling::s422) {
    peak = times(peak, 1.5);
  }
  if (has_alpha(frame.layout)) peak += times(pixels, 5.3);
  if (frame.layout == PixelLayout::rgb) peak += planes_bytes(frame, {2, 2});
  // What is compressed is collected by libavif and then copied.
  const std::uint64_t file = times(pixels, fine ? 2.5 : 1.2) + 4 * kib;
  return {.peak = peak + 64 * kib, .file = file};
}

// -- the reference -------------------------------------------------------------------------------

/// stb_image_write doubles its buffers; EncodedImage does too.
EncodingMemory by_stb(const FrameShape& frame, const RenditionSpec& spec) {
  if (spec.format == jobs::OutputFormat::png) {
    const std::uint64_t samples = samples_of(frame);
    return {.peak = times(samples, 4.3) + mib, .file = 2 * samples};
  }
  const std::uint64_t flat = has_alpha(frame.layout) ? pixels_of(frame.size) * 3 : 0;
  const std::uint64_t file =
      times(samples_of(frame), at_quality(jpeg_noise, spec.quality)) + 4 * kib;
  return {.peak = flat + 3 * file, .file = 2 * file};
}

}  // namespace

EncodingMemory memory_of_encoding(const FrameShape& frame, const RenditionSpec& spec,
                                  bool reference) {
  EncodingMemory memory;
  if (reference) {
    memory = by_stb(frame, spec);
  } else {
    switch (spec.format) {
      case jobs::OutputFormat::png:
        memory = png(frame, spec);
        break;
      case jobs::OutputFormat::webp:
        memory = webp(frame, spec);
        break;
      case jobs::OutputFormat::avif:
        memory = avif(frame, spec);
        break;
      case jobs::OutputFormat::jpeg:
      case jobs::OutputFormat::automatic:
        memory = jpeg(frame, spec);
        break;
    }
  }
  memory.peak += best_so_far(spec);
  return memory;
}

EncodingMemory memory_of_transcoding(Size size, std::uint64_t coefficients,
                                     const RenditionSpec& spec) {
  EncodingMemory memory = jpeg_file(size, coefficients, spec.quality);
  if (spec.progressive) memory.peak += 2 * coefficients;
  memory.peak += 96 * kib + 128 * std::uint64_t{size.width} + best_so_far(spec);
  return memory;
}

}  // namespace darkroom::imaging
