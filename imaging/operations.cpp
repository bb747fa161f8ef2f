#include "imaging/operations.hpp"

#include <algorithm>
#include <utility>

namespace darkroom::imaging {
namespace {

/// `side` x `bound` / `bounded`, rounded to nearest, at least 1. The product of two 32-bit numbers
/// and half of a third fit 64 bits.
std::uint32_t scale_side(std::uint32_t side, std::uint32_t bound, std::uint32_t bounded) {
  const std::uint64_t product = std::uint64_t{side} * bound;
  const std::uint64_t rounded = (product + bounded / 2) / bounded;
  return static_cast<std::uint32_t>(std::max<std::uint64_t>(rounded, 1));
}

tl::expected<RenderedImage, Error> make(const Backend& backend, const FramePtr& source,
                                        const jobs::RenditionSpec& spec) {
  const Size size = fit_inside({source->width(), source->height()}, {spec.width, spec.height});
  FramePtr frame = source;
  if (size != Size{source->width(), source->height()}) {
    auto resampled = backend.resample(*source, size.width, size.height);
    if (!resampled) return tl::unexpected(std::move(resampled.error()));
    frame = std::move(*resampled);
  }
  auto file = backend.encode(*frame, {.format = spec.format, .quality = spec.quality});
  if (!file) return tl::unexpected(std::move(file.error()));
  return RenderedImage{.file = std::move(*file), .frame = std::move(frame)};
}

}  // namespace

Size fit_inside(Size source, Size box) {
  source.width = std::max(source.width, 1U);
  source.height = std::max(source.height, 1U);
  if (box.width == 0) box.width = source.width;
  if (box.height == 0) box.height = source.height;
  if (source.width <= box.width && source.height <= box.height) return source;
  const bool width_binds =
      std::uint64_t{box.width} * source.height <= std::uint64_t{box.height} * source.width;
  if (width_binds) return {box.width, scale_side(source.height, box.width, source.width)};
  return {scale_side(source.width, box.height, source.height), box.height};
}

tl::expected<RenderedImage, Error> resize(const Backend& backend, const FramePtr& source,
                                          const jobs::RenditionSpec& spec) {
  return make(backend, source, spec);
}

tl::expected<RenderedImage, Error> compress(const Backend& backend, const FramePtr& source,
                                            const jobs::RenditionSpec& spec) {
  return make(backend, source, spec);
}

tl::expected<RenderedImage, Error> thumbnail(const Backend& backend, const FramePtr& source,
                                             const jobs::RenditionSpec& spec) {
  return make(backend, source, spec);
}

tl::expected<RenderedImage, Error> render(const Backend& backend, const FramePtr& source,
                                          const jobs::RenditionSpec& spec) {
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
