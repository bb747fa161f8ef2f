#pragma once

#include <array>
#include <cstdint>

#include "imaging/frame.hpp"
#include "imaging/plane_buffer.hpp"
#include "jobs/rendition.hpp"

namespace darkroom::imaging {

/// A frame without alpha (flatten it first) as Y', Cb, Cr of ITU-R BT.601 in full range, as JFIF
/// 1.02 has them; chroma samples are the mean of the pixels they cover. A ycc frame gets the
/// subsampling alone. Throws std::bad_alloc.
[[nodiscard]] FramePtr to_ycc(const Frame& frame, Subsampling subsampling);

/// A ycc frame as rgb, chroma interpolated linearly between the centres of its samples. Grey
/// becomes rgb and grey with alpha rgba; the rest is copied. Throws std::bad_alloc.
[[nodiscard]] FramePtr to_rgb(const Frame& frame);

/// A ycc frame with its chroma brought to another subsampling: the mean where that is coarser by
/// whole numbers, else Lanczos3. Throws std::bad_alloc.
[[nodiscard]] FramePtr with_subsampling(const Frame& ycc, Subsampling subsampling);

/// The means of blocks of `across` x `down` samples, 1 to 4 each, of a plane of one channel; the
/// last column and row of blocks may be cut short. Throws std::bad_alloc.
[[nodiscard]] PlaneBuffer shrunk_by_means(const Plane& plane, std::uint32_t across,
                                          std::uint32_t down);

/// One colour as Y', Cb, Cr.
[[nodiscard]] std::array<std::uint8_t, 3> ycc_of(jobs::Colour colour);

/// Stretches planes in place from the range of video (luma 16 to 235, chroma 16 to 240), as lossy
/// WebP stores them, to the full one. Values outside of it saturate.
void expand_range(PlaneBuffer& luma, PlaneBuffer& cb, PlaneBuffer& cr);

}  // namespace darkroom::imaging
