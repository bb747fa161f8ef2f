#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "imaging/pipeline.hpp"
#include "tests/imaging/hostile/every_kind.hpp"
#include "tests/imaging/jpeg/jpeg_samples.hpp"
#include "tests/imaging/sample_files.hpp"
#include "tests/imaging/sample_frames.hpp"
#include "tests/imaging/webp/webp_samples.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;

EncodedImage with(EncodedImage file, std::size_t at, const EncodedImage& bytes) {
  std::copy(bytes.begin(), bytes.end(), file.begin() + static_cast<std::ptrdiff_t>(at));
  return file;
}

EncodedImage jpeg_bomb(std::uint32_t side, bool progressive) {
  const auto file = make_jpeg(*picture(16, 16), {.progressive = progressive});
  const auto header = {std::byte{0xFF}, progressive ? std::byte{0xC2} : std::byte{0xC0}};
  const auto found = std::search(file.begin(), file.end(), header.begin(), header.end());
  return with(file, static_cast<std::size_t>(found - file.begin()) + 5,
              FileBuilder().u16_be(side).u16_be(side).file());
}

/// RFC 9649, section 3.4: a byte 0x2F, then 14 bits for each side less 1.
EncodedImage lossless_webp_bomb(std::uint32_t side) {
  const auto file = webp_of(*picture(16, 16), true);
  const std::size_t sizes = 12 + 8 + 1;
  const auto version_and_alpha = std::to_integer<std::uint32_t>(file[sizes + 3]) & 0xF0U;
  const std::uint32_t bits = (side - 1) | (side - 1) << 14U | version_and_alpha << 24U;
  return with(file, sizes, FileBuilder().u32_le(bits).file());
}

/// RFC 6386, section 9.1: behind three bytes and the start code.
EncodedImage lossy_webp_bomb(std::uint32_t side) {
  return with(webp_of(*picture(16, 16)), 12 + 8 + 6,
              FileBuilder().u16_le(side).u16_le(side).file());
}

/// Small files whose headers tell `side` x `side` pixels.
std::vector<Sample> bombs(std::uint32_t side) {
  const FramePtr frame = picture(16, 16);
  const auto text = std::to_string(side);
  const auto le = FileBuilder().u16_le(side).u16_le(side).file();
  const auto wide_le = FileBuilder().u32_le(side).u32_le(side).file();
  const auto wide_be = FileBuilder().u32_be(side).u32_be(side).file();
  return {{"PNG", png_file(side, side, 8, 2, std::vector<std::uint8_t>(1'000))},
          {"JPEG", jpeg_bomb(side, false)},
          {"progressive JPEG", jpeg_bomb(side, true)},
          {"lossless WebP", lossless_webp_bomb(side)},
          {"lossy WebP", lossy_webp_bomb(side)},
          {"GIF", with(with(gif_file(16, 16), 6, le), 30, le)},
          {"BMP", with(bmp_of(*frame), 18, wide_le)},
          {"TGA", with(tga_of(*frame), 12, le)},
          {"coded TGA", with(coded_tga_of(*frame), 12, le)},
          {"PSD", with(psd_of(*frame), 14, wide_be)},
          {"coded PSD", with(coded_psd_of(*frame), 14, wide_be)},
          {"PNM", FileBuilder().text("P6 " + text + " " + text + " 255\n").zeros(99).file()},
          {"HDR", FileBuilder()
                      .text("#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y " + text + " +X " + text)
                      .text("\n")
                      .zeros(99)
                      .file()}};
}

tl::expected<PipelineResult, Error> run(const EncodedImage& file) {
  const std::vector<jobs::RenditionSpec> renditions{
      {.name = "t", .operation = jobs::Operation::thumbnail, .width = 64, .height = 64}};
  return run_pipeline(fast_backend(), file, Limits{}, renditions);
}

long peak_kilobytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

TEST(Bombs, AreRefusedByTheirHeader) {
  for (const Sample& bomb : bombs(16'000)) {
    EXPECT_LT(bomb.file.size(), 4'000U) << bomb.name;
    const long before = peak_kilobytes();
    const auto result = run(bomb.file);
    ASSERT_FALSE(result) << bomb.name;
    EXPECT_EQ(result.error().code, ErrorCode::too_many_pixels)
        << bomb.name << ": " << result.error().message;
    EXPECT_LT(peak_kilobytes() - before, 20'000) << bomb.name;
  }
}

TEST(Bombs, WithinTheLimitsAreCorruptBeforeTheirPixelsAreFilled) {
  // 243 MB of pixels; sanitizers take an eighth of what is allocated to keep book of it.
  for (const Sample& bomb : bombs(9'000)) {
    const long before = peak_kilobytes();
    const auto result = run(bomb.file);
    ASSERT_FALSE(result) << bomb.name;
    EXPECT_EQ(result.error().code, ErrorCode::corrupt)
        << bomb.name << ": " << result.error().message;
    EXPECT_LT(peak_kilobytes() - before, 100'000) << bomb.name;
  }
}

}  // namespace
}  // namespace darkroom::imaging
