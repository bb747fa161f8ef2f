#include "imaging/jpeg/jpeg_encoder.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include <jpeglib.h>

#include "imaging/jpeg/jpeg_writer.hpp"
#include "imaging/pixels/flatten.hpp"
#include "imaging/pixels/ycc.hpp"

namespace darkroom::imaging {
namespace {

constexpr std::size_t most_planes = 3;
constexpr std::size_t most_rows = MAX_SAMP_FACTOR * DCTSIZE;

/// The rows of one plane as libjpeg wants them: whole blocks, which repeat the last column and row.
class BlockRows {
 public:
  /// `rows_a_group`: of one row of MCUs.
  BlockRows(const Plane& plane, JDIMENSION rows_a_group)
      : plane_(plane),
        rows_a_group_(rows_a_group),
        filled_width_((plane.width + DCTSIZE - 1) / DCTSIZE * DCTSIZE) {
    if (filled_width_ != plane.width) filled_.resize(std::size_t{filled_width_} * rows_a_group);
  }

  /// Points to the rows of MCU row `group`. Rows of whole blocks are used where they lie.
  JSAMPARRAY rows(JDIMENSION group) {
    for (JDIMENSION i = 0; i < rows_a_group_; ++i) {
      const JDIMENSION y = std::min(group * rows_a_group_ + i, plane_.height - 1);
      const std::uint8_t* row = plane_.data + y * plane_.stride;
      if (!filled_.empty()) row = fill(row, filled_.data() + std::size_t{filled_width_} * i);
      pointers_[i] = const_cast<JSAMPROW>(row);  // libjpeg only reads it.
    }
    return pointers_.data();
  }

 private:
  const std::uint8_t* fill(const std::uint8_t* row, std::uint8_t* filled) const {
    std::memcpy(filled, row, plane_.width);
    std::memset(filled + plane_.width, row[plane_.width - 1], filled_width_ - plane_.width);
    return filled;
  }

  Plane plane_;
  JDIMENSION rows_a_group_;
  JDIMENSION filled_width_;
  std::vector<std::uint8_t> filled_;
  std::array<JSAMPROW, most_rows> pointers_{};
};

tl::expected<EncodedImage, Error> encode_planes(const Frame& frame, const EncodeOptions& options) {
  JpegWriter writer;
  const auto components = static_cast<int>(frame.plane_count());
  if (auto opened = writer.open(frame.size(), components, frame.subsampling(), options); !opened) {
    return tl::unexpected(std::move(opened.error()));
  }
  const EncodedImage exif = exif_segment(options);
  std::vector<BlockRows> planes;
  planes.reserve(frame.plane_count());
  for (std::size_t i = 0; i < frame.plane_count(); ++i) {
    const bool luma = i == 0;
    planes.emplace_back(frame.plane(i), DCTSIZE * (luma ? frame.subsampling().vertical : 1U));
  }
  jpeg_compress_struct& codec = writer.codec();
  const auto group_rows = static_cast<JDIMENSION>(DCTSIZE * frame.subsampling().vertical);
  const bool written = writer.errors().run([&] {
    codec.raw_data_in = TRUE;
    jpeg_start_compress(&codec, TRUE);
    write_exif(codec, exif);
    std::array<JSAMPARRAY, most_planes> rows{};
    for (JDIMENSION group = 0; codec.next_scanline < codec.image_height; ++group) {
      for (std::size_t i = 0; i < planes.size(); ++i)
        rows[i] = planes[i].rows(group);
      jpeg_write_raw_data(&codec, rows.data(), group_rows);
    }
    jpeg_finish_compress(&codec);
  });
  if (!written) return tl::unexpected(writer.errors().error());
  return writer.take();
}

}  // namespace

tl::expected<EncodedImage, Error> encode_jpeg(const Frame& frame, const EncodeOptions& options) {
  if (has_alpha(frame.layout())) {
    const FramePtr flat = flatten(frame, options.background);
    return encode_jpeg(*flat, options);
  }
  if (frame.layout() == PixelLayout::grey) return encode_planes(frame, options);
  const Subsampling wanted = output_subsampling(options, frame.subsampling());
  if (frame.layout() == PixelLayout::rgb) return encode_planes(*to_ycc(frame, wanted), options);
  if (frame.subsampling() == wanted) return encode_planes(frame, options);
  return encode_planes(*with_subsampling(frame, wanted), options);
}

}  // namespace darkroom::imaging
