#include "imaging/memory_of_decoding.hpp"

#include <algorithm>
#include <cmath>

namespace darkroom::imaging {
namespace {

/// What a decoder has besides, per row of the picture: its context, and rows in conversion.
constexpr std::uint64_t bytes_a_column = 160;

std::uint64_t per_pixel(Size size, double bytes) {
  return static_cast<std::uint64_t>(std::ceil(static_cast<double>(pixels_of(size)) * bytes));
}

/// By how much libjpeg reduces; see jpeg_decoder.cpp.
std::uint32_t reduction_of(const ImageInfo& info, Size sufficient, std::uint32_t most) {
  if (sufficient == Size{}) return 1;
  const Size size = upright_size(info);
  const auto suffices = [&](std::uint32_t by) {
    return (size.width + by - 1) / by >= sufficient.width &&
           (size.height + by - 1) / by >= sufficient.height;
  };
  std::uint32_t by = 1;
  while (by < most && suffices(by * 2))
    by *= 2;
  return by;
}

PixelLayout layout_of(const StoredPixels& stored) {
  if (stored.planes) return PixelLayout::ycc;
  return static_cast<PixelLayout>(stored.channels - 1);
}

FrameShape turned(FrameShape shape, Orientation orientation) {
  if (orientation < Orientation::transposed) return shape;
  std::swap(shape.size.width, shape.size.height);
  std::swap(shape.subsampling.horizontal, shape.subsampling.vertical);
  return shape;
}

/// A JPEG reduced by 2 in both directions may have 4:4:4 chroma where it had 4:2:0: libjpeg reduces
/// chroma by less as long as it is subsampled.
Subsampling reduced(Subsampling subsampling, std::uint32_t by) {
  while (by > 1 && subsampling.horizontal % 2 == 0 && subsampling.vertical % 2 == 0) {
    subsampling.horizontal /= 2;
    subsampling.vertical /= 2;
    by /= 2;
  }
  return subsampling;
}

class Decoding {
 public:
  Decoding(const ImageInfo& info, const DecodeRequest& request)
      : info_(info), request_(request), size_{info.width, info.height} {
    frame_ = {.size = size_,
              .layout = layout_of(info.stored),
              .subsampling = info.jpeg_subsampling.value_or(info.stored.subsampling)};
    if (info.format == InputFormat::webp) frame_.subsampling = {2, 2};
  }

  DecodingMemory fast() {
    switch (info_.format) {
      case InputFormat::jpeg:
        return jpeg();
      case InputFormat::png:
        return finished(png(), 0);
      case InputFormat::webp:
        return finished(webp(), 0);
      case InputFormat::avif:
        return avif();
      case InputFormat::heic:
        return heic();
      case InputFormat::gif:
        // The numbers of the colours, one a pixel, are let go once the frame is there.
        return finished(pixels_of(size_) + bytes_of(frame_), 0);
      default:
        return reference();
    }
  }

  /// stb_image's picture is copied to a frame while it is there still.
  DecodingMemory reference() {
    frame_.layout = static_cast<PixelLayout>(info_.stored.channels - 1);
    const std::uint64_t frame = bytes_of(frame_);
    const std::uint64_t samples = pixels_of(size_);
    switch (info_.format) {
      case InputFormat::gif:
        return finished(samples * 11, samples * 4);
      case InputFormat::hdr:
        return finished(samples * 15, frame);
      case InputFormat::pnm:
        // Samples in a vector first, then in the frame.
        return finished(2 * frame, 0);
      case InputFormat::jpeg:
        return finished(
            2 * frame + (info_.stored.several_passes ? 2 * info_.stored.coefficients : 0), frame);
      case InputFormat::png:
        return finished(2 * frame + samples * info_.stored.channels * info_.stored.depth / 8,
                        frame);
      default:
        return finished(2 * frame + opaque_copy(), frame);
    }
  }

 private:
  /// Of a frame with alpha, which is dropped where all of it is opaque.
  [[nodiscard]] std::uint64_t opaque_copy() const {
    if (!has_alpha(frame_.layout)) return 0;
    return pixels_of(frame_.size) * (channels(frame_.layout) - 1);
  }

  /// The frame is there: alpha is dropped, colours converted, the picture turned, each into a frame
  /// of its own beside the one before. `beside`: what else is held meanwhile.
  DecodingMemory finished(std::uint64_t decoder, std::uint64_t beside, std::uint64_t held = 0) {
    const std::uint64_t frame = bytes_of(frame_);
    std::uint64_t copy = opaque_copy();
    if (info_.stored.profile && frame_.layout != PixelLayout::ycc) copy = frame;
    const FrameShape stored = frame_;
    frame_ = turned(frame_, info_.orientation);
    if (info_.orientation != Orientation::normal) copy = std::max(copy, bytes_of(frame_));
    std::uint64_t peak = std::max(decoder, bytes_of(stored) + beside + copy);
    std::uint64_t kept = bytes_of(frame_);
    // An alpha channel may be dropped, and then there is more to convert.
    const bool to_planes = request_.chroma_420 && (frame_.layout == PixelLayout::rgb ||
                                                   frame_.layout == PixelLayout::rgba);
    if (to_planes) {
      const FrameShape planes{frame_.size, PixelLayout::ycc, {2, 2}};
      peak = std::max(peak, pixels_of(frame_.size) * 3 + bytes_of(planes) + held);
      if (frame_.layout == PixelLayout::rgb) {
        frame_ = planes;
        kept = bytes_of(planes);
      }
    }
    const std::uint64_t rows =
        bytes_a_column * std::max(size_.width, size_.height) + (std::uint64_t{64} << 10U);
    return {.frame = frame_, .peak = peak + held + rows, .kept = kept + held};
  }

  DecodingMemory jpeg() {
    const bool keep = request_.coefficients && info_.transcodable;
    const std::uint32_t by = reduction_of(info_, request_.sufficient, keep ? 4 : 8);
    frame_.size = {(size_.width + by - 1) / by, (size_.height + by - 1) / by};
    frame_.subsampling = reduced(frame_.subsampling, by);
    const bool all_at_once = info_.stored.several_passes || keep;
    const std::uint64_t coefficients = all_at_once ? 2 * info_.stored.coefficients : 0;
    // Planes have room for whole blocks.
    const FrameShape blocks{{frame_.size.width, (frame_.size.height + 15) / 16 * 16},
                            frame_.layout,
                            frame_.subsampling};
    const std::uint64_t frame =
        frame_.layout == PixelLayout::ycc ? bytes_of(blocks) : bytes_of(frame_);
    return finished(frame + (keep ? 0 : coefficients), keep ? 0 : coefficients,
                    keep ? coefficients : 0);
  }

  [[nodiscard]] std::uint64_t png() const {
    const StoredPixels& stored = info_.stored;
    const std::uint64_t pieces = stored.in_pieces ? stored.file_bytes : 0;
    const std::uint64_t frame = bytes_of(frame_);
    const bool direct = stored.depth == 8 && !stored.several_passes && !stored.expanded;
    if (direct) return frame + size_.height + pieces;
    // The compressed data are let go before the frame is made.
    const std::uint64_t row =
        (std::uint64_t{size_.width} * stored.samples * stored.depth + 7) / 8 + 1;
    const std::uint64_t stream = row * size_.height + (stored.several_passes ? row * 4 : 0);
    return std::max(stream + pieces, stream + frame);
  }

  [[nodiscard]] std::uint64_t webp() const {
    // libwebp 1.2: decoded ARGB rows; a lossy picture's alpha is decoded whole.
    const std::uint64_t frame = bytes_of(frame_);
    if (info_.stored.lossless) return frame + per_pixel(size_, 4.35);
    const std::uint64_t alpha = info_.stored.channels == 4 ? per_pixel(size_, 6.15) : 0;
    return frame + alpha;
  }

  /// dav1d 1.0 holds a picture of whole superblocks and what it knows of each block; once for the
  /// colours and once for alpha.
  [[nodiscard]] std::uint64_t dav1d() const {
    const double sample_bytes = info_.stored.depth > 8 ? 2 : 1;
    const auto subsampling = info_.stored.subsampling;
    const double samples = 1 + 2.0 / (subsampling.horizontal * subsampling.vertical);
    const bool alpha = info_.stored.channels == 4;
    constexpr double known = 0.72;
    return per_pixel(size_, 1.14 * sample_bytes * samples + known +
                                (alpha ? 1.14 * sample_bytes + known : 0.0)) +
           (std::uint64_t{256} << 10U);
  }

  DecodingMemory avif() {
    const std::uint64_t decoder = dav1d();
    const std::uint64_t frame = bytes_of(frame_);
    // The decoder is there until the picture is turned and converted.
    return finished(decoder + frame, decoder);
  }

  /// libde265 1.0, through libheif 1.15: planes, then RGB, then our frame; the compressed data are
  /// copied twice.
  DecodingMemory heic() {
    const double sample_bytes = info_.stored.depth > 8 ? 2 : 1;
    const auto subsampling = info_.stored.subsampling;
    const double planes = 1 + 2.0 / (subsampling.horizontal * subsampling.vertical);
    const std::uint64_t frame = bytes_of(frame_);
    const double alpha = info_.stored.channels == 4 ? 1 : 0;
    // Of an odd side the coded picture is larger by a row or a column.
    const bool cropped = info_.stored.cropped || size_.width % 2 != 0 || size_.height % 2 != 0;
    const std::uint64_t decoder =
        per_pixel(size_, sample_bytes * (planes + alpha) + 4.35 +
                             (info_.stored.depth > 8 ? 3.1 : 0.0) +
                             (cropped ? 1.05 * sample_bytes * planes : 0.0)) +
        2 * info_.stored.file_bytes;
    return finished(decoder, frame);
  }

  const ImageInfo& info_;
  const DecodeRequest& request_;
  Size size_;
  FrameShape frame_;
};

}  // namespace

DecodingMemory memory_of_decoding(const ImageInfo& info, const DecodeRequest& request,
                                  bool reference) {
  Decoding decoding(info, request);
  return reference ? decoding.reference() : decoding.fast();
}

}  // namespace darkroom::imaging
