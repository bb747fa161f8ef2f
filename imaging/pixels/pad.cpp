#include "imaging/pixels/pad.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <utility>
#include <vector>

#include "imaging/pixels/copy.hpp"
#include "imaging/pixels/resample_plane.hpp"
#include "imaging/pixels/ycc.hpp"

namespace darkroom::imaging {
namespace {

bool is_grey(jobs::Colour colour) {
  return colour.red == colour.green && colour.green == colour.blue;
}

FramePtr pad_interleaved(const Frame& frame, Size canvas, Offset offset, jobs::Colour background) {
  const std::size_t step = channels(frame.layout());
  const std::array<std::uint8_t, 4> pixel =
      step <= 2
          ? std::array<std::uint8_t, 4>{background.red, 255, 0, 0}
          : std::array<std::uint8_t, 4>{background.red, background.green, background.blue, 255};
  std::vector<std::uint8_t> empty_row(canvas.width * step);
  for (std::size_t i = 0; i < empty_row.size(); ++i) {
    empty_row[i] = pixel.at(i % step);
  }
  auto planes = planes_for(frame.layout(), canvas);
  for (std::uint32_t y = 0; y < canvas.height; ++y) {
    std::ranges::copy(empty_row, planes[0].row(y));
  }
  for (std::uint32_t y = 0; y < frame.height(); ++y) {
    std::ranges::copy(frame.plane(0).row(y),
                      planes[0].row(y + static_cast<std::uint32_t>(offset.y)) +
                          static_cast<std::size_t>(offset.x) * step);
  }
  return frame_of(frame.layout(), {}, std::move(planes));
}

/// One axis of a chroma plane: how a picture laid on a canvas meets the canvas's chroma samples.
class ChromaAxis {
 public:
  ChromaAxis(std::int32_t offset, std::uint32_t length, std::uint32_t canvas, std::uint32_t factor)
      : begin_(static_cast<std::uint32_t>(offset)),
        end_(begin_ + length),
        canvas_(canvas),
        factor_(factor) {}

  /// The samples that the picture touches.
  [[nodiscard]] std::uint32_t first() const { return begin_ / factor_; }
  [[nodiscard]] std::uint32_t count() const { return (end_ + factor_ - 1) / factor_ - first(); }
  /// Where the first of them begins, in the picture's own chroma samples.
  [[nodiscard]] double start() const { return first() - static_cast<double>(begin_) / factor_; }
  /// Pixels of the canvas that a sample covers, and how many of them are the picture's.
  [[nodiscard]] std::uint32_t pixels(std::uint32_t sample) const {
    return std::min((sample + 1) * factor_, canvas_) - sample * factor_;
  }
  [[nodiscard]] std::uint32_t covered(std::uint32_t sample) const {
    return std::min((sample + 1) * factor_, end_) - std::max(sample * factor_, begin_);
  }

 private:
  std::uint32_t begin_;
  std::uint32_t end_;
  std::uint32_t canvas_;
  std::uint32_t factor_;
};

void pad_chroma(const Plane& plane, const ChromaAxis& across, const ChromaAxis& down,
                std::uint8_t background, PlaneBuffer& out) {
  for (std::uint32_t y = 0; y < out.height(); ++y) {
    std::memset(out.row(y), background, out.width());
  }
  const Size size{across.count(), down.count()};
  PlaneBuffer moved = PlaneBuffer::aligned(size.width, size.height);
  const Region region{.left = across.start(),
                      .top = down.start(),
                      .width = static_cast<double>(size.width),
                      .height = static_cast<double>(size.height)};
  resample_plane(plane, PlaneWeights(plane, region, size), moved);
  for (std::uint32_t j = 0; j < size.height; ++j) {
    const std::uint32_t y = down.first() + j;
    for (std::uint32_t i = 0; i < size.width; ++i) {
      const std::uint32_t x = across.first() + i;
      const std::uint32_t all = across.pixels(x) * down.pixels(y);
      const std::uint32_t covered = across.covered(x) * down.covered(y);
      const std::uint32_t sum = moved.row(j)[i] * covered + background * (all - covered);
      out.row(y)[x] = static_cast<std::uint8_t>((sum + all / 2) / all);
    }
  }
}

FramePtr pad_ycc(const Frame& frame, Size canvas, Offset offset, jobs::Colour background) {
  const auto colour = ycc_of(background);
  const Subsampling subsampling = frame.subsampling();
  auto planes = planes_for(PixelLayout::ycc, canvas, subsampling);
  for (std::uint32_t y = 0; y < canvas.height; ++y) {
    std::memset(planes[0].row(y), colour[0], canvas.width);
  }
  for (std::uint32_t y = 0; y < frame.height(); ++y) {
    std::ranges::copy(frame.plane(0).row(y),
                      planes[0].row(y + static_cast<std::uint32_t>(offset.y)) + offset.x);
  }
  const ChromaAxis across(offset.x, frame.width(), canvas.width, subsampling.horizontal);
  const ChromaAxis down(offset.y, frame.height(), canvas.height, subsampling.vertical);
  for (const std::size_t i : {1U, 2U}) {
    pad_chroma(frame.plane(i), across, down, colour.at(i), planes.at(i));
  }
  return frame_of(PixelLayout::ycc, subsampling, std::move(planes));
}

}  // namespace

FramePtr pad(const Frame& frame, Size canvas, Offset offset, jobs::Colour background) {
  if (frame.layout() == PixelLayout::ycc) return pad_ycc(frame, canvas, offset, background);
  const bool grey =
      frame.layout() == PixelLayout::grey || frame.layout() == PixelLayout::grey_alpha;
  if (grey && !is_grey(background)) {
    return pad_interleaved(*to_rgb(frame), canvas, offset, background);
  }
  return pad_interleaved(frame, canvas, offset, background);
}

}  // namespace darkroom::imaging
