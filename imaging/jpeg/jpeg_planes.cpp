#include "imaging/jpeg/jpeg_planes.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <utility>

#include <jpeglib.h>

#include "imaging/pixels/ycc.hpp"

namespace darkroom::imaging {
namespace {

constexpr std::size_t plane_count = 3;
constexpr std::size_t most_rows = MAX_SAMP_FACTOR * DCTSIZE;

/// Where the rows of one plane are written.
struct Target {
  std::uint8_t* first = nullptr;
  std::size_t stride = 0;
  JDIMENSION rows = 0;          ///< Whole blocks.
  JDIMENSION rows_a_group = 0;  ///< Of one row of MCUs.
};

/// libjpeg writes whole blocks, so a plane has room for them behind its pixels.
PlaneBuffer plane_for(const jpeg_component_info& component) {
  constexpr std::size_t alignment = 64;
  const auto block = static_cast<JDIMENSION>(component.DCT_scaled_size);
  const std::size_t stride =
      (std::size_t{component.width_in_blocks} * block + alignment - 1) / alignment * alignment;
  return {component.downsampled_width, component.downsampled_height, 1, stride,
          component.height_in_blocks * block};
}

Target target_for(PlaneBuffer& plane, const jpeg_component_info& component) {
  const auto block = static_cast<JDIMENSION>(component.DCT_scaled_size);
  return {.first = plane.row(0),
          .stride = plane.view().stride,
          .rows = component.height_in_blocks * block,
          .rows_a_group = static_cast<JDIMENSION>(component.v_samp_factor) * block};
}

/// Inside of JpegErrors::run.
void read_rows(jpeg_decompress_struct& codec, const std::array<Target, plane_count>& targets) {
  std::array<std::array<JSAMPROW, most_rows>, plane_count> rows;
  std::array<JSAMPARRAY, plane_count> planes;
  const auto group = static_cast<JDIMENSION>(codec.max_v_samp_factor * codec.min_DCT_scaled_size);
  for (JDIMENSION index = 0; codec.output_scanline < codec.output_height; ++index) {
    for (std::size_t i = 0; i < plane_count; ++i) {
      const Target& target = targets[i];
      planes[i] = rows[i].data();
      for (JDIMENSION row = 0; row < target.rows_a_group; ++row) {
        // Blocks below the last row of blocks are not written; their rows may point anywhere.
        const JDIMENSION y = std::min(index * target.rows_a_group + row, target.rows - 1);
        rows[i][row] = target.first + y * target.stride;
      }
    }
    jpeg_read_raw_data(&codec, planes.data(), group);
  }
}

Subsampling subsampling_of(const jpeg_decompress_struct& codec) {
  const jpeg_component_info& luma = codec.comp_info[0];
  const jpeg_component_info& chroma = codec.comp_info[1];
  return {static_cast<std::uint8_t>(luma.h_samp_factor / chroma.h_samp_factor),
          static_cast<std::uint8_t>(luma.v_samp_factor / chroma.v_samp_factor)};
}

/// libjpeg scales chroma less than luma where it can, so that it need not be interpolated. We keep
/// it subsampled as in the file: resampling and encoding it costs half as much. Between the start
/// of the decompression and that of the output, which buffered mode sets apart, the inverse
/// transforms are not chosen yet. Without it they are, and as_subsampled makes up for it.
void scale_alike(jpeg_decompress_struct& codec) {
  const auto scaled = [&](JDIMENSION side, int factor, int most) {
    const auto blocks = static_cast<JDIMENSION>(factor * codec.min_DCT_scaled_size);
    const auto whole = static_cast<JDIMENSION>(most * DCTSIZE);
    return static_cast<JDIMENSION>((std::uint64_t{side} * blocks + whole - 1) / whole);
  };
  for (int i = 0; i < codec.num_components; ++i) {
    jpeg_component_info& component = codec.comp_info[i];
    component.DCT_scaled_size = codec.min_DCT_scaled_size;
    component.downsampled_width =
        scaled(codec.image_width, component.h_samp_factor, codec.max_h_samp_factor);
    component.downsampled_height =
        scaled(codec.image_height, component.v_samp_factor, codec.max_v_samp_factor);
  }
}

/// By how much chroma is scaled less than luma.
std::uint32_t excess_of(const jpeg_decompress_struct& codec) {
  return static_cast<std::uint32_t>(codec.comp_info[1].DCT_scaled_size /
                                    codec.comp_info[0].DCT_scaled_size);
}

PlaneBuffer as_subsampled(PlaneBuffer plane, std::uint32_t excess) {
  return excess == 1 ? std::move(plane) : shrunk_by_means(plane.view(), excess, excess);
}

}  // namespace

tl::expected<FramePtr, Error> read_jpeg_planes(JpegReader& reader, bool keep_coefficients) {
  jpeg_decompress_struct& codec = reader.codec();
  const bool started = reader.errors().run([&] {
    codec.out_color_space = codec.jpeg_color_space;
    codec.raw_data_out = TRUE;
    codec.do_fancy_upsampling = FALSE;
    start_reading(codec, keep_coefficients);
    if (codec.buffered_image != FALSE) scale_alike(codec);
    start_output(codec);
  });
  if (!started) return tl::unexpected(reader.errors().error());

  std::array<PlaneBuffer, plane_count> planes;
  std::array<Target, plane_count> targets;
  for (std::size_t i = 0; i < plane_count; ++i) {
    planes[i] = plane_for(codec.comp_info[i]);
    targets[i] = target_for(planes[i], codec.comp_info[i]);
  }
  // The end of reading frees what libjpeg knows of the components.
  const Subsampling subsampling = subsampling_of(codec);
  const std::uint32_t excess = excess_of(codec);
  const bool read = reader.errors().run([&] {
    read_rows(codec, targets);
    finish_reading(codec);
  });
  if (!read) return tl::unexpected(reader.errors().error());
  for (const std::size_t i : {1U, 2U}) {
    planes[i] = as_subsampled(std::move(planes[i]), excess);
  }
  return std::make_shared<const Frame>(subsampling, std::move(planes));
}

}  // namespace darkroom::imaging
