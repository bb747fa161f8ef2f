#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/imaging/sample_frames.hpp"
#include "tests/imaging/webp/webp_samples.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;

std::vector<EncodedImage> every_kind() {
  const FramePtr opaque = picture(40, 30);
  const FramePtr transparent = picture(40, 30, PixelLayout::rgba);
  const auto frame = webp_of(*transparent);
  return {webp_of(*opaque), webp_of(*opaque, true), frame, webp_of(*transparent, true),
          animated_webp(60, 50, {{4, 6, webp_of(*opaque)}, {0, 0, webp_of(*opaque, true)}})};
}

TEST(WebpDamage, EveryCutIsAnError) {
  for (const auto& file : every_kind()) {
    // The filling behind the last chunk is no part of the picture.
    for (std::size_t size = 0; size + 1 < file.size(); ++size) {
      const auto result = decode({file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size)});
      ASSERT_FALSE(result) << "cut at " << size << " of " << file.size();
    }
  }
}

TEST(WebpDamage, FlippedBitsEndInAPictureOrInASentence) {
  std::mt19937 random(5);
  for (const auto& file : every_kind()) {
    for (int round = 0; round < 400; ++round) {
      auto damaged = file;
      const std::size_t range = round % 2 == 0 ? file.size() : std::size_t{64};
      damaged[random() % range] ^= static_cast<std::byte>(1U << (random() % 8));
      const auto result = decode(damaged);
      if (result) {
        EXPECT_GT(result->size.width, 0U);
      } else {
        EXPECT_EQ(result.error().message.back(), '.');
        EXPECT_NE(result.error().code, ErrorCode::out_of_memory);
      }
    }
  }
}

TEST(WebpDamage, SplicedFilesEndInAPictureOrInASentence) {
  std::mt19937 random(6);
  const auto files = every_kind();
  for (int round = 0; round < 400; ++round) {
    const auto& head = files[random() % files.size()];
    const auto& tail = files[random() % files.size()];
    FileBuilder spliced;
    const auto cut = static_cast<std::ptrdiff_t>(random() % head.size());
    const auto start = static_cast<std::ptrdiff_t>(random() % tail.size());
    spliced.append({head.begin(), head.begin() + cut}).append({tail.begin() + start, tail.end()});
    const auto result = decode(spliced.file());
    if (!result) {
      EXPECT_EQ(result.error().message.back(), '.');
    }
  }
}

TEST(WebpDamage, APictureOfAnotherSizeThanItsCanvasIsAnError) {
  const auto simple = webp_of(*picture(40, 30));
  const auto result = decode(extended_webp(simple, 0, {41, 30}, {}, {}));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::corrupt);
}

TEST(WebpDamage, AFrameOutsideItsCanvasIsAnError) {
  const auto simple = webp_of(*picture(40, 30));
  const auto result = decode(animated_webp(40, 30, {{2, 0, simple}}));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::corrupt);
}

}  // namespace
}  // namespace darkroom::imaging
