#include <random>

#include <gtest/gtest.h>

#include "imaging/backend.hpp"
#include "tests/imaging/sample_files.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;

std::vector<EncodedImage> every_format() {
  const FramePtr frame = picture(24, 17);
  return {jpeg_of(*frame),      progressive_jpeg(),   with_exif(jpeg_of(*frame), 6),
          png_of(*frame),       gif_file(9, 5, 2),    bmp_of(*frame),
          tga_of(*frame),       coded_tga_of(*frame), psd_of(*frame),
          coded_psd_of(*frame), ppm_of(*frame),       hdr_file(12, 5),
          hdr_file(5, 5)};
}

/// Damages 1 to 4 bits, by choice near the front, where the headers are.
EncodedImage damaged(EncodedImage file, std::mt19937& random) {
  const std::size_t flips = 1 + random() % 4;
  for (std::size_t i = 0; i < flips; ++i) {
    const std::size_t range =
        random() % 2 == 0 ? file.size() : std::min<std::size_t>(64, file.size());
    file[random() % range] ^= static_cast<std::byte>(1U << (random() % 8));
  }
  return file;
}

/// A seed for each format, so that a failure names the format by the test's name.
class BitFlips : public ::testing::TestWithParam<std::size_t> {};

TEST_P(BitFlips, EndInAFrameOrInASentence) {
  const auto file = every_format().at(GetParam());
  ASSERT_TRUE(stb_decoded(file, Limits{}));
  std::mt19937 random(static_cast<std::uint32_t>(GetParam()));
  const Limits limits{.max_pixels = 1'000'000};
  constexpr int rounds = 400;
  for (int round = 0; round < rounds; ++round) {
    const auto frame = stb_decoded(damaged(file, random), limits);
    if (frame) {
      EXPECT_GT((*frame)->samples().size(), 0U);
    } else {
      EXPECT_EQ(frame.error().message.back(), '.') << frame.error().message;
      EXPECT_NE(frame.error().code, ErrorCode::out_of_memory);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EveryFormat, BitFlips, ::testing::Range<std::size_t>(0, 13));

}  // namespace
}  // namespace darkroom::imaging
