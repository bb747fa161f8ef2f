#include "imaging/webp/webp_decoder.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <utility>

#include <webp/decode.h>

#include "imaging/colour/colour_conversion.hpp"
#include "imaging/colour/srgb_profile.hpp"
#include "imaging/formats/exif.hpp"
#include "imaging/formats/webp_file.hpp"
#include "imaging/pixels/flatten.hpp"
#include "imaging/pixels/orientation.hpp"
#include "imaging/pixels/ycc.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

tl::expected<void, Error> run(const WebpImage& image, WebPDecoderConfig& config) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(image.data.data());
  config.output.is_external_memory = 1;
  switch (WebPDecode(data, image.data.size(), &config)) {
    case VP8_STATUS_OK:
      return {};
    case VP8_STATUS_OUT_OF_MEMORY:
      return out_of_memory();
    case VP8_STATUS_NOT_ENOUGH_DATA:
    case VP8_STATUS_SUSPENDED:
      return cut_off("WebP");
    default:
      return corrupt("the WebP data cannot be decoded");
  }
}

tl::expected<FramePtr, Error> decode_planes(const WebpImage& image) {
  constexpr Subsampling halved{2, 2};
  const Size chroma = chroma_size(image.size, halved);
  std::array<PlaneBuffer, 3> planes{PlaneBuffer::aligned(image.size.width, image.size.height),
                                    PlaneBuffer::aligned(chroma.width, chroma.height),
                                    PlaneBuffer::aligned(chroma.width, chroma.height)};
  const auto stride = [&](std::size_t i) { return static_cast<int>(planes.at(i).view().stride); };
  const auto bytes = [&](std::size_t i) {
    return planes.at(i).view().stride * planes.at(i).height();
  };
  WebPDecoderConfig config{};
  WebPInitDecoderConfig(&config);
  config.output.colorspace = MODE_YUV;
  WebPYUVABuffer& out = config.output.u.YUVA;
  out.y = planes[0].row(0);
  out.u = planes[1].row(0);
  out.v = planes[2].row(0);
  out.y_stride = stride(0);
  out.u_stride = stride(1);
  out.v_stride = stride(2);
  out.y_size = bytes(0);
  out.u_size = bytes(1);
  out.v_size = bytes(2);
  if (auto done = run(image, config); !done) return tl::unexpected(std::move(done.error()));
  expand_range(planes[0], planes[1], planes[2]);
  return std::make_shared<const Frame>(halved, std::move(planes));
}

/// Decodes into a frame that is as large as the image or larger.
tl::expected<void, Error> decode_into(const WebpImage& image, PlaneBuffer& frame) {
  const Plane& plane = frame.view();
  WebPDecoderConfig config{};
  WebPInitDecoderConfig(&config);
  config.output.colorspace = plane.channels == 4 ? MODE_RGBA : MODE_RGB;
  WebPRGBABuffer& out = config.output.u.RGBA;
  const std::size_t start = plane.stride * image.top + std::size_t{image.left} * plane.channels;
  out.rgba = frame.row(0) + start;
  out.stride = static_cast<int>(plane.stride);
  out.size = plane.stride * plane.height - start;
  return run(image, config);
}

tl::expected<FramePtr, Error> decode_interleaved(const WebpFile& webp) {
  const bool covers = webp.first.size == webp.canvas;
  const auto layout = webp.first.alpha || !covers ? PixelLayout::rgba : PixelLayout::rgb;
  auto frame = PlaneBuffer::tight(webp.canvas.width, webp.canvas.height, channels(layout));
  if (!covers) {
    std::fill_n(frame.row(0), frame.view().stride * frame.height(), std::uint8_t{0});
  }
  if (auto done = decode_into(webp.first, frame); !done) {
    return tl::unexpected(std::move(done.error()));
  }
  return std::make_shared<const Frame>(layout, std::move(frame));
}

}  // namespace

tl::expected<Picture, Error> decode_webp(std::span<const std::byte> file, const ImageInfo& info) {
  const auto webp = parse_webp(file);
  if (!webp) return tl::unexpected(webp.error());
  if (!webp->whole) return cut_off("WebP");
  const bool convert = !webp->profile.empty() && !is_srgb_profile(webp->profile);
  const bool as_planes =
      !webp->first.lossless && !webp->first.alpha && !convert && webp->first.size == webp->canvas;
  auto decoded = as_planes ? decode_planes(webp->first) : decode_interleaved(*webp);
  if (!decoded) return tl::unexpected(std::move(decoded.error()));
  FramePtr frame = std::move(*decoded);
  if (has_alpha(frame->layout()) && is_opaque(frame->samples(), frame->layout())) {
    frame = drop_alpha(*frame);
  }
  if (convert) frame = convert_to_srgb(frame, webp->profile);
  frame = make_upright(std::move(frame), info.orientation);
  Picture picture = picture_of(std::move(frame));
  picture.copyright = exif_copyright(webp->exif);
  return picture;
}

}  // namespace darkroom::imaging
