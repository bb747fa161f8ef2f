#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/colour/make_profile.hpp"
#include "imaging/pixels/orientation.hpp"
#include "imaging/pixels/ycc.hpp"
#include "tests/imaging/heif/heif_samples.hpp"
#include "tests/imaging/sample_files.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;

TEST(Heic, IsProbedWithoutDecoding) {
  const auto info = probe(heic_of(*picture(66, 34)), Limits{});
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(info->format, InputFormat::heic);
  EXPECT_EQ(info->width, 66U);
  EXPECT_EQ(info->height, 34U);
  EXPECT_FALSE(info->alpha);
}

TEST(Heic, IsDecoded) {
  const FramePtr frame = picture(96, 62);
  const auto decoded = decode(heic_of(*frame));
  ASSERT_TRUE(decoded) << decoded.error().message;
  ASSERT_EQ(decoded->size, frame->size());
  EXPECT_LT(mean_difference(*to_rgb(*decoded->frame), *frame), 3.0);
}

TEST(Heic, OddSizesAreExact) {
  const FramePtr frame = picture(97, 63);
  const auto decoded = decode(heic_of(*frame));
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(decoded->size, frame->size());
  EXPECT_LT(mean_difference(*to_rgb(*decoded->frame), *frame), 3.0);
}

TEST(Heic, SwitchedOffIsToldWithTheSettingsName) {
  const auto info = probe(heic_of(*picture(64, 64)), {.heif = false});
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().code, ErrorCode::unsupported);
  EXPECT_EQ(info.error().message,
            "Unsupported image: AVIF and HEIC pictures are switched off on this service (its "
            "setting imaging.heif); please convert it to JPEG, PNG or WebP and send it again.");
}

TEST(Heic, WithPicturesInAv1IsRefused) {
  auto file = avif_of(*picture(64, 64));
  // In the box ftyp: the major brand, and among those it is compatible with.
  const auto brands = std::as_writable_bytes(std::span(file)).first(32);
  for (std::size_t at = 8; at + 4 <= brands.size(); at += 4) {
    if (std::memcmp(&brands[at], "avif", 4) == 0) std::memcpy(&brands[at], "heic", 4);
  }
  const auto info = probe(file, Limits{});
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().code, ErrorCode::unsupported);
  EXPECT_THAT(info.error().message, ::testing::HasSubstr("coded in AV1"));
}

TEST(Heic, EveryOrientationIsAppliedOnce) {
  const FramePtr frame = quadrants(128, 80);
  for (int value = 1; value <= 8; ++value) {
    SCOPED_TRACE(value);
    const auto orientation = static_cast<Orientation>(value);
    // The EXIF data repeat what the boxes say.
    const auto exif = exif_block(static_cast<std::uint32_t>(value), false);
    const auto decoded = decode(heic_of(*frame, {.orientation = orientation, .exif = exif}));
    ASSERT_TRUE(decoded) << decoded.error().message;
    const FramePtr expected = make_upright(frame, orientation);
    ASSERT_EQ(decoded->size, expected->size());
    EXPECT_LT(mean_difference(*to_rgb(*decoded->frame), *expected), 4.0);
  }
}

TEST(Heic, AlphaIsKept) {
  const FramePtr frame = picture(64, 48, PixelLayout::rgba);
  const auto file = heic_of(*frame);
  const auto info = probe(file, Limits{});
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_TRUE(info->alpha);
  const auto decoded = decode(file);
  ASSERT_TRUE(decoded) << decoded.error().message;
  ASSERT_EQ(decoded->frame->layout(), PixelLayout::rgba);
  for (std::uint32_t x = 0; x < 64; ++x)
    EXPECT_NEAR(pixel(*decoded->frame, x, 20)[3], pixel(*frame, x, 20)[3], 6);
}

TEST(Heic, TenBitsBecomeEight) {
  const FramePtr frame = picture(64, 48);
  const auto decoded = decode(heic_of(*frame, {.depth = 10}));
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_LT(mean_difference(*to_rgb(*decoded->frame), *frame), 3.0);
}

TEST(Heic, AWideProfileIsBroughtToSrgb) {
  const Primaries display_p3{{0.3127, 0.3290}, {0.680, 0.320}, {0.265, 0.690}, {0.150, 0.060}};
  const auto decoded = decode(heic_of(*plain(64, 64, PixelLayout::rgb, {200, 100, 50}),
                                      {.profile = make_profile(display_p3, std::nullopt)}));
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_GT(colour_at(*to_rgb(*decoded->frame), 30, 30)[0], 205);
}

}  // namespace
}  // namespace darkroom::imaging
