#include "tests/imaging/jpeg/jpeg_samples.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include <jpeglib.h>
#include <stb_image.h>

namespace darkroom::imaging::testing {
namespace {

J_COLOR_SPACE stored_space(SampleColour colour) {
  switch (colour) {
    case SampleColour::grey:
      return JCS_GRAYSCALE;
    case SampleColour::ycc:
      return JCS_YCbCr;
    case SampleColour::rgb:
      return JCS_RGB;
    case SampleColour::cmyk:
      return JCS_CMYK;
    case SampleColour::ycck:
      break;
  }
  return JCS_YCCK;
}

bool has_black(SampleColour colour) {
  return colour == SampleColour::cmyk || colour == SampleColour::ycck;
}

/// Inverted, as Adobe has it.
std::vector<std::uint8_t> to_cmyk(std::span<const std::uint8_t> rgb) {
  std::vector<std::uint8_t> cmyk;
  for (std::size_t i = 0; i < rgb.size(); i += 3) {
    const int key = std::max({rgb[i], rgb[i + 1], rgb[i + 2], std::uint8_t{1}});
    for (std::size_t c = 0; c < 3; ++c) {
      cmyk.push_back(static_cast<std::uint8_t>((rgb[i + c] * 255 + key / 2) / key));
    }
    cmyk.push_back(static_cast<std::uint8_t>(key));
  }
  return cmyk;
}

jpeg_scan_info scan_of(int component, int coefficient, int high, int low) {
  jpeg_scan_info scan{};
  scan.comps_in_scan = 1;
  scan.component_index[0] = component;
  scan.Ss = scan.Se = coefficient;
  scan.Ah = high;
  scan.Al = low;
  return scan;
}

std::vector<jpeg_scan_info> scans_of(const SampleJpeg& kind, int components) {
  std::vector<jpeg_scan_info> scans;
  if (kind.separate_scans) {
    for (int c = 0; c < components; ++c) {
      scans.push_back(scan_of(c, 0, 0, 0));
      scans.back().Se = 63;
    }
  }
  if (kind.many_scans == 0) return scans;
  for (int c = 0; c < components; ++c)
    scans.push_back(scan_of(c, 0, 0, 0));
  for (int c = 0; c < components; ++c) {
    for (int coefficient = 1; coefficient < 64; ++coefficient) {
      scans.push_back(scan_of(c, coefficient, 0, kind.many_scans - 1));
      for (int low = kind.many_scans - 1; low > 0; --low)
        scans.push_back(scan_of(c, coefficient, low, low - 1));
    }
  }
  return scans;
}

}  // namespace

EncodedImage make_jpeg(const Frame& frame, const SampleJpeg& kind) {
  jpeg_compress_struct c{};
  jpeg_error_mgr errors{};
  c.err = jpeg_std_error(&errors);
  jpeg_create_compress(&c);
  unsigned char* buffer = nullptr;
  unsigned long size = 0;  // NOLINT: libjpeg's type
  jpeg_mem_dest(&c, &buffer, &size);
  std::vector<std::uint8_t> samples(frame.samples().begin(), frame.samples().end());
  if (has_black(kind.colour)) samples = to_cmyk(frame.samples());
  c.image_width = frame.width();
  c.image_height = frame.height();
  c.input_components = has_black(kind.colour) ? 4 : 3;
  c.in_color_space = has_black(kind.colour) ? JCS_CMYK : JCS_RGB;
  jpeg_set_defaults(&c);
  jpeg_set_colorspace(&c, stored_space(kind.colour));
  jpeg_set_quality(&c, kind.quality, TRUE);
  for (int i = 0; i < c.num_components; ++i) {
    const bool full = i == 0 || i == 3;
    c.comp_info[i].h_samp_factor = full ? kind.subsampling.horizontal : 1;
    c.comp_info[i].v_samp_factor = full ? kind.subsampling.vertical : 1;
  }
  c.restart_in_rows = kind.restart_rows;
  if (kind.progressive) jpeg_simple_progression(&c);
  const auto scans = scans_of(kind, c.num_components);
  if (!scans.empty()) {
    c.scan_info = scans.data();
    c.num_scans = static_cast<int>(scans.size());
  }
  jpeg_start_compress(&c, TRUE);
  if (!kind.icc.empty()) {
    jpeg_write_icc_profile(&c, reinterpret_cast<const JOCTET*>(kind.icc.data()),
                           static_cast<unsigned>(kind.icc.size()));
  }
  const std::size_t stride = std::size_t{c.image_width} * static_cast<unsigned>(c.input_components);
  while (c.next_scanline < c.image_height) {
    JSAMPROW row = samples.data() + c.next_scanline * stride;
    jpeg_write_scanlines(&c, &row, 1);
  }
  jpeg_finish_compress(&c);
  const auto* bytes = reinterpret_cast<const std::byte*>(buffer);
  EncodedImage file(bytes, bytes + size);
  std::free(buffer);  // NOLINT: libjpeg allocated it
  jpeg_destroy_compress(&c);
  return file;
}

tl::expected<Picture, Error> decode(const EncodedImage& file, const DecodeRequest& request) {
  const auto info = probe(file, Limits{});
  if (!info) return tl::unexpected(info.error());
  return decode_jpeg(file, *info, request);
}

std::vector<std::uint8_t> stb_luma(const EncodedImage& file) {
  int width = 0;
  int height = 0;
  int channels = 0;
  stbi_uc* samples =
      stbi_load_from_memory(reinterpret_cast<const stbi_uc*>(file.data()),
                            static_cast<int>(file.size()), &width, &height, &channels, 1);
  if (samples == nullptr) return {};
  std::vector<std::uint8_t> luma(samples, samples + std::ptrdiff_t{width} * height);
  stbi_image_free(samples);
  return luma;
}

double psnr(const Plane& a, const Plane& b) {
  double sum = 0;
  for (std::uint32_t y = 0; y < a.height; ++y) {
    for (std::size_t x = 0; x < a.row(y).size(); ++x) {
      const double difference = a.row(y)[x] - b.row(y)[x];
      sum += difference * difference;
    }
  }
  if (sum == 0) return std::numeric_limits<double>::infinity();
  return 10 * std::log10(255.0 * 255.0 * a.height * a.width * a.channels / sum);
}

int largest_difference(const Plane& a, const Plane& b) {
  int largest = 0;
  for (std::uint32_t y = 0; y < a.height; ++y) {
    for (std::size_t x = 0; x < a.row(y).size(); ++x) {
      largest = std::max(largest, std::abs(a.row(y)[x] - b.row(y)[x]));
    }
  }
  return largest;
}

}  // namespace darkroom::imaging::testing
