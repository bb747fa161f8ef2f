#include "tools/entropy_floor.hpp"

#include <cstdio>

#include <jpeglib.h>

#include "imaging/jpeg/coefficient_arrays.hpp"
#include "imaging/jpeg/jpeg_reader.hpp"
#include "imaging/jpeg/jpeg_writer.hpp"
#include "imaging/limits.hpp"
#include "imaging/probe.hpp"
#include "tools/cpu_clock.hpp"

namespace darkroom::tools {
namespace {

/// A file's coefficients and what it took to decode them.
struct Coefficients {
  imaging::JpegReader reader;
  imaging::ImageInfo info;
  jvirt_barray_ptr* arrays = nullptr;
  double milliseconds = 0;
};

tl::expected<void, std::string> decode(std::span<const std::byte> file, Coefficients& out) {
  const auto info = imaging::probe(file, imaging::no_limits);
  if (!info) return tl::unexpected(info.error().message);
  out.info = *info;
  const double start = cpu_milliseconds();
  if (auto opened = out.reader.open(file, *info); !opened) {
    return tl::unexpected(opened.error().message);
  }
  const bool read =
      out.reader.errors().run([&] { out.arrays = jpeg_read_coefficients(&out.reader.codec()); });
  if (!read) return tl::unexpected(out.reader.errors().error().message);
  out.milliseconds = cpu_milliseconds() - start;
  return {};
}

tl::expected<double, std::string> encode(Coefficients& coefficients) {
  const double start = cpu_milliseconds();
  jpeg_decompress_struct& from = coefficients.reader.codec();
  imaging::JpegWriter writer;
  const imaging::Size size{coefficients.info.width, coefficients.info.height};
  if (auto opened = writer.open(size, from.num_components, {}, {}); !opened) {
    return tl::unexpected(opened.error().message);
  }
  const bool written = writer.errors().run([&] {
    jpeg_copy_critical_parameters(&from, &writer.codec());
    imaging::CoefficientArrays::lend_to(writer.codec());
    jpeg_write_coefficients(&writer.codec(), coefficients.arrays);
    jpeg_finish_compress(&writer.codec());
  });
  if (!written) return tl::unexpected(writer.errors().error().message);
  return cpu_milliseconds() - start;
}

}  // namespace

tl::expected<double, std::string> entropy_floor(std::span<const std::byte> original,
                                                std::span<const imaging::EncodedImage> made) {
  double sum = 0;
  {
    Coefficients read;
    if (auto done = decode(original, read); !done) return tl::unexpected(done.error());
    sum = read.milliseconds;
  }
  for (const auto& file : made) {
    Coefficients read;
    if (auto done = decode(file, read); !done) return tl::unexpected(done.error());
    auto written = encode(read);
    if (!written) return written;
    sum += *written;
  }
  return sum;
}

}  // namespace darkroom::tools
