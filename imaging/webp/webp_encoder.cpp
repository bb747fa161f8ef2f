#include "imaging/webp/webp_encoder.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include <webp/encode.h>
#include <webp/mux.h>

#include "imaging/formats/exif.hpp"
#include "imaging/limits.hpp"
#include "imaging/pixels/ycc.hpp"
#include "imaging/refusal.hpp"
#include "imaging/webp/limited_range.hpp"

namespace darkroom::imaging {
namespace {

/// Collects what libwebp gives out. An exception must not pass through its C code: it is told to
/// stop instead, and ends with VP8_ENC_ERROR_BAD_WRITE.
int append(const std::uint8_t* data, std::size_t size, const WebPPicture* picture) {
  auto& file = *static_cast<EncodedImage*>(picture->custom_ptr);
  const auto* bytes = reinterpret_cast<const std::byte*>(data);
  try {
    file.insert(file.end(), bytes, bytes + size);
    return 1;
  } catch (const std::bad_alloc&) {
    return 0;
  }
}

/// libwebp's picture and the memory of the planes that it is shown.
class Source {
 public:
  explicit Source(Size size) {
    WebPPictureInit(&picture_);
    picture_.width = static_cast<int>(size.width);
    picture_.height = static_cast<int>(size.height);
  }
  ~Source() { WebPPictureFree(&picture_); }
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  [[nodiscard]] WebPPicture& picture() { return picture_; }

  void set_planes(std::array<PlaneBuffer, 3> planes) {
    planes_ = std::move(planes);
    picture_.use_argb = 0;
    picture_.colorspace = WEBP_YUV420;
    picture_.y = planes_[0].row(0);
    picture_.u = planes_[1].row(0);
    picture_.v = planes_[2].row(0);
    picture_.y_stride = static_cast<int>(planes_[0].view().stride);
    picture_.uv_stride = static_cast<int>(planes_[1].view().stride);
  }

  void set_alpha(PlaneBuffer alpha) {
    alpha_ = std::move(alpha);
    picture_.colorspace = WEBP_YUV420A;
    picture_.a = alpha_.row(0);
    picture_.a_stride = static_cast<int>(alpha_.view().stride);
  }

  /// An rgb or rgba frame, which libwebp copies. False for want of memory.
  [[nodiscard]] bool import(const Frame& frame, bool as_rgb) {
    picture_.use_argb = as_rgb ? 1 : 0;
    const auto stride = static_cast<int>(frame.plane(0).stride);
    const std::uint8_t* samples = frame.samples().data();
    return (has_alpha(frame.layout()) ? WebPPictureImportRGBA(&picture_, samples, stride)
                                      : WebPPictureImportRGB(&picture_, samples, stride)) != 0;
  }

 private:
  WebPPicture picture_{};
  std::array<PlaneBuffer, 3> planes_;
  PlaneBuffer alpha_;
};

PlaneBuffer channel_of(const Plane& plane, std::uint32_t channel) {
  auto buffer = PlaneBuffer::aligned(plane.width, plane.height);
  for (std::uint32_t y = 0; y < plane.height; ++y) {
    const std::uint8_t* from = plane.row(y).data() + channel;
    std::uint8_t* to = buffer.row(y);
    for (std::uint32_t x = 0; x < plane.width; ++x, from += plane.channels)
      to[x] = *from;
  }
  return buffer;
}

PlaneBuffer colourless(Size size) {
  auto buffer = PlaneBuffer::aligned(size.width, size.height);
  std::fill_n(buffer.row(0), buffer.view().stride * buffer.height(), std::uint8_t{128});
  return buffer;
}

void show_grey(const Frame& frame, Source& source) {
  const Size chroma = chroma_size(frame.size(), {2, 2});
  const Plane& plane = frame.plane(0);
  auto luma = plane.channels == 1 ? limited_luma(plane) : limited_luma(channel_of(plane, 0).view());
  source.set_planes({std::move(luma), colourless(chroma), colourless(chroma)});
  if (has_alpha(frame.layout())) source.set_alpha(channel_of(plane, 1));
}

bool is_grey(const Frame& frame) {
  return frame.layout() == PixelLayout::grey || frame.layout() == PixelLayout::grey_alpha;
}

/// False for want of memory.
bool show(const Frame& frame, bool lossless, Source& source) {
  if (frame.layout() == PixelLayout::ycc) {
    if (lossless) return source.import(*to_rgb(frame), true);
    constexpr Subsampling halved{2, 2};
    const bool fits = frame.subsampling() == halved;
    const FramePtr converted = fits ? nullptr : with_subsampling(frame, halved);
    const Frame& planes = fits ? frame : *converted;
    source.set_planes({limited_luma(planes.plane(0)), limited_chroma(planes.plane(1)),
                       limited_chroma(planes.plane(2))});
    return true;
  }
  if (!is_grey(frame)) return source.import(frame, lossless);
  if (lossless) return source.import(*to_rgb(frame), true);
  show_grey(frame, source);
  return true;
}

tl::expected<WebPConfig, Error> configuration(const EncodeOptions& options) {
  if (options.quality < 1 || options.quality > 100) {
    return refuse(ErrorCode::encode_failed, "The WebP quality must be from 1 to 100, and is " +
                                                std::to_string(options.quality) + ".");
  }
  const int effort = std::clamp(options.effort, 0, 9);
  WebPConfig config{};
  WebPConfigInit(&config);
  if (options.lossless) {
    WebPConfigLosslessPreset(&config, effort);
  } else {
    constexpr int slowest_method = 6;
    config.quality = static_cast<float>(options.quality);
    config.method = std::min(effort, slowest_method);
  }
  return config;
}

tl::expected<EncodedImage, Error> run(const Frame& frame, const WebPConfig& config) {
  EncodedImage file;
  Source source(frame.size());
  source.picture().writer = append;
  source.picture().custom_ptr = &file;
  if (!show(frame, config.lossless != 0, source)) return out_of_memory();
  if (WebPEncode(&config, &source.picture()) != 0) return file;
  switch (source.picture().error_code) {
    case VP8_ENC_ERROR_OUT_OF_MEMORY:
    case VP8_ENC_ERROR_BITSTREAM_OUT_OF_MEMORY:
    case VP8_ENC_ERROR_BAD_WRITE:
      return out_of_memory();
    case VP8_ENC_ERROR_PARTITION0_OVERFLOW:
    case VP8_ENC_ERROR_PARTITION_OVERFLOW:
    case VP8_ENC_ERROR_FILE_TOO_BIG:
      return refuse(ErrorCode::encode_failed,
                    "The picture has too much detail for a WebP file of this quality; ask for a "
                    "lower quality or a smaller size.");
    default:
      return refuse(ErrorCode::encode_failed, "The WebP encoder refused the picture.");
  }
}

struct DeleteMux {
  void operator()(WebPMux* mux) const { WebPMuxDelete(mux); }
};

struct FreeBytes {
  void operator()(const std::uint8_t* bytes) const { WebPFree(const_cast<std::uint8_t*>(bytes)); }
};
using WebpBytes = std::unique_ptr<const std::uint8_t, FreeBytes>;

tl::expected<EncodedImage, Error> with_copyright(const EncodedImage& file,
                                                 const std::string& copyright) {
  const auto exif = exif_with_copyright(copyright);
  const auto data_of = [](const std::vector<std::byte>& bytes) {
    return WebPData{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
  };
  const WebPData picture = data_of(file);
  const WebPData chunk = data_of(exif);
  constexpr int keep_reference = 0;
  const std::unique_ptr<WebPMux, DeleteMux> mux(WebPMuxCreate(&picture, keep_reference));
  WebPData assembled{};
  if (mux == nullptr || WebPMuxSetChunk(mux.get(), "EXIF", &chunk, keep_reference) != WEBP_MUX_OK ||
      WebPMuxAssemble(mux.get(), &assembled) != WEBP_MUX_OK) {
    return out_of_memory();
  }
  const WebpBytes owner(assembled.bytes);
  const auto bytes = std::as_bytes(std::span(owner.get(), assembled.size));
  return EncodedImage(bytes.begin(), bytes.end());
}

}  // namespace

tl::expected<EncodedImage, Error> encode_webp(const Frame& frame, const EncodeOptions& options) {
  constexpr std::uint32_t longest_side = WEBP_MAX_DIMENSION;
  if (frame.width() > longest_side || frame.height() > longest_side) {
    return refuse(ErrorCode::encode_failed,
                  "A WebP file cannot be larger than 16383 pixels on a "
                  "side; this picture is " +
                      size_text(frame.width(), frame.height()) + ".");
  }
  const auto config = configuration(options);
  if (!config) return tl::unexpected(config.error());
  auto file = run(frame, *config);
  if (!file || !options.copyright) return file;
  return with_copyright(*file, *options.copyright);
}

}  // namespace darkroom::imaging
