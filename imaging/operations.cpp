#include "imaging/operations.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "imaging/geometry.hpp"
#include "imaging/jpeg/jpeg_transcoder.hpp"
#include "imaging/pixels/interest.hpp"
#include "imaging/pixels/pad.hpp"
#include "imaging/pixels/sharpen.hpp"
#include "imaging/pixels/watermark.hpp"

namespace darkroom::imaging {
namespace {

using jobs::RenditionSpec;

EncodeOptions encode_options(const Picture& picture, const RenditionSpec& spec) {
  EncodeOptions options;
  options.format = spec.format;
  options.quality = spec.quality;
  options.lossless = spec.lossless;
  options.progressive = spec.progressive;
  options.subsampling = spec.subsampling;
  options.effort = spec.effort;
  options.background = spec.background;
  if (spec.keep_copyright) options.copyright = picture.copyright;
  return options;
}

/// The highest quality up to options.quality whose file is within max_bytes, found by bisection:
/// files grow with the quality.
template <class Encode>
tl::expected<EncodedImage, Error> encode_within(std::uint64_t max_bytes, EncodeOptions options,
                                                const Encode& encode) {
  auto best = encode(options);
  if (!best || max_bytes == 0 || best->size() <= max_bytes) return best;
  best = tl::unexpected(Error{ErrorCode::encode_failed, {}});
  std::size_t smallest = 0;
  int low = 1;
  int high = options.quality - 1;
  while (low <= high) {
    options.quality = low + (high - low) / 2;
    auto file = encode(options);
    if (!file) return file;
    if (file->size() <= max_bytes) {
      best = std::move(file);
      low = options.quality + 1;
    } else {
      smallest = file->size();
      high = options.quality - 1;
    }
  }
  if (best) return best;
  return tl::unexpected(Error{ErrorCode::encode_failed,
                              "The rendition cannot be made to fit " + std::to_string(max_bytes) +
                                  " bytes (max_bytes): at the lowest quality it has " +
                                  std::to_string(smallest) +
                                  ". Allow more bytes or make it smaller."});
}

Offset offset(const Geometry& geometry) {
  return {static_cast<std::int32_t>(geometry.left), static_cast<std::int32_t>(geometry.top)};
}

/// The picture's pixels as the rendition has them: cut, resampled, sharpened, marked, padded.
class Drawing {
 public:
  Drawing(const Backend& backend, const Source& source, const RenditionSpec& spec)
      : backend_(backend),
        source_(source),
        spec_(spec),
        geometry_(geometry_of(source.picture->size, spec)),
        frame_(source.picture->frame) {}

  tl::expected<FramePtr, Error> draw() {
    find_interest();
    if (auto done = resample(); !done) return tl::unexpected(std::move(done.error()));
    if (spec_.sharpen > 0) frame_ = sharpen(*frame_, spec_.sharpen);
    if (geometry_.canvas != geometry_.scaled) {
      frame_ = pad(*frame_, geometry_.canvas, offset(geometry_), spec_.background);
    }
    return source_.watermark ? mark() : frame_;
  }

 private:
  void find_interest() {
    const Picture& picture = *source_.picture;
    const bool smart =
        spec_.fit == jobs::Fit::cover && !spec_.focus && spec_.gravity == jobs::Gravity::smart;
    if (!smart || geometry_.region == whole(picture.size)) return;
    const Region window = in_frame(picture, geometry_.region);
    const auto side = [](double pixels) {
      return static_cast<std::uint32_t>(std::max(std::lround(pixels), 1L));
    };
    const Region found =
        most_interesting(*picture.frame, {side(window.width), side(window.height)});
    geometry_.region.left = found.left / picture.extent.width * picture.size.width;
    geometry_.region.top = found.top / picture.extent.height * picture.size.height;
  }

  tl::expected<void, Error> resample() {
    const Region region = in_frame(*source_.picture, geometry_.region);
    if (geometry_.scaled == frame_->size() && region == whole(frame_->size())) return {};
    auto resampled = backend_.resample(*frame_, region, geometry_.scaled, spec_.linear_light);
    if (!resampled) return tl::unexpected(std::move(resampled.error()));
    frame_ = std::move(*resampled);
    return {};
  }

  tl::expected<FramePtr, Error> mark() {
    const jobs::Watermark& watermark = *spec_.watermark;
    RenditionSpec box;
    box.width =
        static_cast<std::uint32_t>(std::max(std::lround(watermark.scale * frame_->width()), 1L));
    box.height = frame_->height();
    box.enlarge = true;
    const Size size = geometry_of(source_.watermark->size(), box).canvas;
    auto scaled = backend_.resample(*source_.watermark, whole(source_.watermark->size()), size,
                                    spec_.linear_light);
    if (!scaled) return scaled;
    RenditionSpec place;
    place.fit = jobs::Fit::pad;
    place.gravity = watermark.position;
    place.width = frame_->width();
    place.height = frame_->height();
    const Geometry at = geometry_of(size, place);
    return lay_over(*frame_, **scaled, offset(at), watermark.opacity);
  }

  const Backend& backend_;
  const Source& source_;
  const RenditionSpec& spec_;
  Geometry geometry_;
  FramePtr frame_;
};

/// True where nothing changes but the compression, and the coefficients are there (see
/// imaging::is_transcoding in plan.hpp, by which they were asked for).
bool is_transcoding(const Picture& picture, const RenditionSpec& spec,
                    const EncodeOptions& options) {
  if (!picture.coefficients || spec.format != jobs::OutputFormat::jpeg) return false;
  const Geometry geometry = geometry_of(picture.size, spec);
  return geometry.region == whole(picture.size) && geometry.scaled == picture.size &&
         geometry.canvas == picture.size && spec.sharpen == 0 && !spec.watermark &&
         can_transcode(*picture.coefficients, options);
}

tl::expected<RenderedImage, Error> make(const Backend& backend, const Source& source,
                                        const RenditionSpec& spec) {
  const Picture& picture = *source.picture;
  const EncodeOptions options = encode_options(picture, spec);
  if (is_transcoding(picture, spec, options)) {
    auto file = encode_within(spec.max_bytes, options, [&](const EncodeOptions& chosen) {
      return transcode_jpeg(*picture.coefficients, chosen);
    });
    if (!file) return tl::unexpected(std::move(file.error()));
    return RenderedImage{.file = std::move(*file), .size = picture.size, .picture = source.picture};
  }
  auto frame = Drawing(backend, source, spec).draw();
  if (!frame) return tl::unexpected(std::move(frame.error()));
  auto file = encode_within(spec.max_bytes, options, [&](const EncodeOptions& chosen) {
    return backend.encode(**frame, chosen);
  });
  if (!file) return tl::unexpected(std::move(file.error()));
  Picture drawn = picture_of(std::move(*frame));
  drawn.copyright = picture.copyright;
  const Size size = drawn.size;
  return RenderedImage{.file = std::move(*file),
                       .size = size,
                       .picture = std::make_shared<const Picture>(std::move(drawn))};
}

}  // namespace

tl::expected<RenderedImage, Error> resize(const Backend& backend, const Source& source,
                                          const RenditionSpec& spec) {
  return make(backend, source, spec);
}

tl::expected<RenderedImage, Error> compress(const Backend& backend, const Source& source,
                                            const RenditionSpec& spec) {
  return make(backend, source, spec);
}

tl::expected<RenderedImage, Error> thumbnail(const Backend& backend, const Source& source,
                                             const RenditionSpec& spec) {
  return make(backend, source, spec);
}

tl::expected<RenderedImage, Error> render(const Backend& backend, const Source& source,
                                          const RenditionSpec& spec) {
  switch (spec.operation) {
    case jobs::Operation::resize:
      return resize(backend, source, spec);
    case jobs::Operation::compress:
      return compress(backend, source, spec);
    case jobs::Operation::thumbnail:
      return thumbnail(backend, source, spec);
  }
  return tl::unexpected(Error{ErrorCode::encode_failed, "The rendition names no known operation."});
}

}  // namespace darkroom::imaging
