#include "tests/cluster/pictures.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "imaging/backend.hpp"

namespace darkroom::cluster {
namespace {

using imaging::Frame;
using imaging::PixelLayout;

std::string encoded(const Frame& frame, const imaging::EncodeOptions& options) {
  const auto file = imaging::stb_backend().encode(frame, options);
  if (!file) throw std::runtime_error(file.error().message);
  std::string bytes;
  for (const std::byte byte : *file)
    bytes.push_back(static_cast<char>(byte));
  return bytes;
}

/// The checksum of PNG chunks: W3C PNG specification, annex D.
std::uint32_t png_checksum(std::string_view bytes) {
  std::uint32_t sum = 0xffffffff;
  for (const char byte : bytes) {
    sum ^= static_cast<std::uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit)
      sum = (sum >> 1U) ^ ((sum & 1U) != 0 ? 0xedb88320U : 0U);
  }
  return ~sum;
}

std::string big_endian(std::uint32_t value) {
  std::string bytes;
  for (const unsigned shift : {24U, 16U, 8U, 0U})
    bytes.push_back(static_cast<char>(static_cast<std::uint8_t>(value >> shift)));
  return bytes;
}

/// The average of one channel over the pixels of `frame` that lie in the given box.
double box_average(const Frame& frame, std::pair<std::size_t, std::size_t> columns,
                   std::pair<std::size_t, std::size_t> rows, std::size_t channel) {
  double sum = 0;
  for (std::size_t y = rows.first; y < rows.second; ++y) {
    for (std::size_t x = columns.first; x < columns.second; ++x)
      sum += frame.samples()[(y * frame.width() + x) * 3 + channel];
  }
  return sum / static_cast<double>((columns.second - columns.first) * (rows.second - rows.first));
}

}  // namespace

Frame quadrants(std::uint32_t width, std::uint32_t height) {
  using Colour = std::array<std::uint32_t, 3>;
  constexpr std::array<Colour, 4> colours{Colour{180, 30, 30}, Colour{30, 150, 40},
                                          Colour{30, 50, 190}, Colour{200, 190, 40}};
  std::vector<std::uint8_t> samples;
  samples.reserve(std::size_t{width} * height * 3);
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      const Colour& colour = colours.at((y * 2 / height) * 2 + x * 2 / width);
      const std::uint32_t light = 25 * x / width + 25 * y / height;
      for (const std::uint32_t sample : colour)
        samples.push_back(static_cast<std::uint8_t>(sample + light));
    }
  }
  return {width, height, PixelLayout::rgb, std::move(samples)};
}

Frame large_picture() {
  return quadrants(5000, 4000);
}

Frame half_transparent(std::uint32_t width, std::uint32_t height) {
  std::vector<std::uint8_t> samples;
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      const std::uint8_t left = x < width / 2 ? 255 : 0;
      samples.insert(samples.end(), {left, 0, 0, left});
    }
  }
  return {width, height, PixelLayout::rgba, std::move(samples)};
}

Frame mirrored(const Frame& frame) {
  const std::size_t size = imaging::channels(frame.layout());
  std::vector<std::uint8_t> samples;
  for (std::size_t y = 0; y < frame.height(); ++y) {
    for (std::size_t x = frame.width(); x-- > 0;) {
      const auto pixel = frame.samples().subspan((y * frame.width() + x) * size, size);
      samples.insert(samples.end(), pixel.begin(), pixel.end());
    }
  }
  return {frame.width(), frame.height(), frame.layout(), std::move(samples)};
}

std::string jpeg_of(const Frame& frame) {
  return encoded(frame, {.format = jobs::OutputFormat::jpeg, .quality = 92});
}

std::string png_of(const Frame& frame) {
  return encoded(frame, {.format = jobs::OutputFormat::png});
}

std::string ppm_of(const Frame& frame) {
  std::string file =
      "P6\n" + std::to_string(frame.width()) + ' ' + std::to_string(frame.height()) + "\n255\n";
  file.append(frame.samples().begin(), frame.samples().end());
  return file;
}

std::string png_claiming(std::uint32_t width, std::uint32_t height) {
  std::string file = png_of({1, 1, PixelLayout::rgb, {1, 2, 3}});
  // 8 bytes of signature and 4 of length, then "IHDR", 13 bytes of data and the checksum of both.
  file.replace(16, 8, big_endian(width) + big_endian(height));
  file.replace(29, 4, big_endian(png_checksum(std::string_view{file}.substr(12, 17))));
  return file;
}

imaging::FramePtr decoded(const std::string& file) {
  auto frame = imaging::stb_backend().decode(std::as_bytes(std::span{file}), imaging::Limits{});
  if (!frame) throw std::runtime_error(frame.error().message);
  return frame->frame;
}

double mean_difference(const Frame& frame, const Frame& original) {
  if (frame.layout() != PixelLayout::rgb || original.layout() != PixelLayout::rgb)
    throw std::runtime_error("only rgb pictures are compared");
  const std::size_t width = frame.width();
  const std::size_t height = frame.height();
  double sum = 0;
  for (std::size_t y = 0; y < height; ++y) {
    const std::pair rows{y * original.height() / height, (y + 1) * original.height() / height};
    for (std::size_t x = 0; x < width; ++x) {
      const std::pair columns{x * original.width() / width, (x + 1) * original.width() / width};
      for (std::size_t channel = 0; channel < 3; ++channel) {
        sum += std::abs(box_average(original, columns, rows, channel) -
                        frame.samples()[(y * width + x) * 3 + channel]);
      }
    }
  }
  return sum / static_cast<double>(width * height * 3);
}

}  // namespace darkroom::cluster
