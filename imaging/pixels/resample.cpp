#include "imaging/pixels/resample.hpp"

#include <array>
#include <utility>

#include "imaging/pixels/resample_plane.hpp"
#include "imaging/pixels/resample_wide.hpp"
#include "imaging/pixels/ycc.hpp"

namespace darkroom::imaging {
namespace {

/// A chroma sample (i) of a picture subsampled by s covers its pixels [i s, (i + 1) s). The last
/// one of the result may cover some past its edge: the region grows by as much.
Region chroma_region(const Region& region, Size size, Subsampling source, Subsampling target) {
  const Size chroma = chroma_size(size, target);
  const double covered_width = static_cast<double>(chroma.width) * target.horizontal;
  const double covered_height = static_cast<double>(chroma.height) * target.vertical;
  const double width = static_cast<double>(size.width) * source.horizontal;
  const double height = static_cast<double>(size.height) * source.vertical;
  return {.left = region.left / source.horizontal,
          .top = region.top / source.vertical,
          .width = region.width * covered_width / width,
          .height = region.height * covered_height / height};
}

FramePtr resample_planes(const Frame& frame, const Region& region, Size size, Subsampling target,
                         const RowPasses& passes) {
  const Size chroma = chroma_size(size, target);
  std::array<PlaneBuffer, 3> planes{PlaneBuffer::aligned(size.width, size.height),
                                    PlaneBuffer::aligned(chroma.width, chroma.height),
                                    PlaneBuffer::aligned(chroma.width, chroma.height)};
  resample_plane(frame.plane(0), PlaneWeights(frame.plane(0), region, size), planes[0], passes);
  const PlaneWeights weights(frame.plane(1),
                             chroma_region(region, size, frame.subsampling(), target), chroma);
  resample_plane(frame.plane(1), weights, planes[1], passes);
  resample_plane(frame.plane(2), weights, planes[2], passes);
  return std::make_shared<const Frame>(target, std::move(planes));
}

}  // namespace

FramePtr resample(const Frame& frame, const Region& region, Size size,
                  const ResampleOptions& options, const RowPasses& passes) {
  const Subsampling target = options.subsampling.value_or(frame.subsampling());
  if (frame.layout() == PixelLayout::ycc) {
    if (!options.linear_light) return resample_planes(frame, region, size, target, passes);
    return to_ycc(*resample(*to_rgb(frame), region, size, options, passes), target);
  }
  const Plane& plane = frame.plane(0);
  PlaneBuffer samples = PlaneBuffer::tight(size.width, size.height, plane.channels);
  const PlaneWeights weights(plane, region, size);
  const bool wide = has_alpha(frame.layout()) || options.linear_light;
  if (wide && !weights.copies()) {
    resample_wide(frame, weights, options.linear_light, samples, passes);
  } else {
    resample_plane(plane, weights, samples, passes);
  }
  return std::make_shared<const Frame>(frame.layout(), std::move(samples));
}

}  // namespace darkroom::imaging
