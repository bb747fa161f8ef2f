#include "tests/fuzz/asked_renditions.hpp"

#include <array>
#include <cstdint>

#include "jobs/rendition_check.hpp"
#include "tests/fuzz/hold.hpp"

namespace darkroom::fuzz {
namespace {

constexpr std::size_t rendition_bytes = 7;
constexpr std::size_t most_renditions = 3;
static_assert(asking_bytes == 1 + most_renditions * rendition_bytes);

using Bytes = std::span<const std::byte, rendition_bytes>;

/// A value of an enumeration with `count` values.
template <typename Enum>
Enum choose(std::uint32_t number, std::uint32_t count) {
  return static_cast<Enum>(number % count);
}

void choose_box(jobs::RenditionSpec& spec, std::uint32_t shape, std::uint32_t width,
                std::uint32_t height) {
  spec.width = width;
  spec.height = height;
  if (spec.operation != jobs::Operation::compress && width == 0 && height == 0) spec.width = 1;
  if (spec.width == 0 && spec.height == 0) return;
  spec.enlarge = (shape & 0x80U) != 0;
  if (spec.width == 0 || spec.height == 0) return;
  spec.fit = choose<jobs::Fit>(shape, 4);
  if (spec.fit == jobs::Fit::cover) spec.gravity = choose<jobs::Gravity>(shape / 4, 10);
  if (spec.fit == jobs::Fit::pad) spec.gravity = choose<jobs::Gravity>(shape / 4, 9);
}

void choose_encoding(jobs::RenditionSpec& spec, std::uint32_t format, std::uint32_t quality,
                     std::uint32_t effort) {
  using enum jobs::OutputFormat;
  spec.format = choose<jobs::OutputFormat>(format, 4);
  spec.quality = static_cast<int>(1 + quality % 100);
  spec.lossless = spec.format == webp && (format & 0x10U) != 0;
  spec.progressive = spec.format == jpeg && (format & 0x10U) != 0;
  if (spec.format == jpeg || spec.format == avif) {
    spec.subsampling = choose<jobs::ChromaSubsampling>(format / 64, 4);
  }
  // The slow efforts make the same mistakes in more time.
  if (spec.format != jpeg) spec.effort = static_cast<int>(effort % 4);
  if (spec.format == avif) {
    spec.effort = 0;
    if (spec.width == 0 || spec.width > 64) spec.width = 64;
    if (spec.height == 0 || spec.height > 64) spec.height = 64;
  }
  if (spec.format != png && !spec.lossless && (effort & 0x80U) != 0) spec.max_bytes = 1'000;
}

jobs::RenditionSpec read_rendition(Bytes bytes, std::size_t number) {
  const auto at = [&](std::size_t i) { return std::to_integer<std::uint32_t>(bytes[i]); };
  jobs::RenditionSpec spec{.name = "r" + std::to_string(number),
                           .operation = choose<jobs::Operation>(at(0), 3),
                           .folder = "fuzz"};
  choose_box(spec, at(1), at(2), at(3));
  choose_encoding(spec, at(4), at(5), at(6));
  spec.sharpen = (at(0) & 0x10U) != 0 ? 1 : 0;
  spec.linear_light = (at(0) & 0x20U) != 0;
  spec.keep_copyright = (at(0) & 0x40U) != 0;
  if ((at(0) & 0x80U) != 0) spec.watermark = jobs::Watermark{.name = "mark"};
  return spec;
}

}  // namespace

Asked read_asked(std::span<const std::byte> input) {
  const auto first = std::to_integer<std::uint32_t>(input[0]);
  Asked asked{.right_checksums = (first & 0x80U) != 0, .file = input.subspan(asking_bytes)};
  for (std::size_t i = 0; i <= (first & 0x7FU) % most_renditions; ++i) {
    const auto bytes = input.subspan(1 + i * rendition_bytes).first<rendition_bytes>();
    asked.renditions.push_back(read_rendition(bytes, i));
  }
  hold(jobs::rendition_list_faults(asked.renditions).empty(), "the renditions can be made");
  return asked;
}

}  // namespace darkroom::fuzz
