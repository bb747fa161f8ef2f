#include <gtest/gtest.h>
#include <zlib.h>

#include "imaging/colour/make_profile.hpp"
#include "tests/imaging/png/png_samples.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;

constexpr Primaries display_p3{{0.3127, 0.3290}, {0.680, 0.320}, {0.265, 0.690}, {0.150, 0.060}};

EncodedImage profile_chunk(const std::vector<std::byte>& profile) {
  uLongf size = compressBound(static_cast<uLong>(profile.size()));
  std::vector<std::uint8_t> packed(size);
  compress(packed.data(), &size, reinterpret_cast<const Bytef*>(profile.data()),
           static_cast<uLong>(profile.size()));
  packed.resize(size);
  return png_chunk("iCCP", FileBuilder().text("a profile").zeros(2).bytes(packed).file());
}

Colour first_colour(const EncodedImage& file) {
  const auto picture = decode(file);
  EXPECT_TRUE(picture) << picture.error().message;
  return picture ? colour_at(*picture->frame, 0, 0) : Colour{};
}

EncodedImage plain_file() {
  return png_of(*plain(4, 4, PixelLayout::rgb, {200, 100, 50}));
}

TEST(PngColour, AWideProfileIsBroughtToSrgb) {
  const auto file = with_chunk(plain_file(), profile_chunk(make_profile(display_p3, std::nullopt)));
  const Colour colour = first_colour(file);
  EXPECT_GT(colour[0], 205);  // The same red needs more of sRGB's weaker one.
  EXPECT_LT(colour[2], 50);
}

TEST(PngColour, TheProfileOfSrgbChangesNothing) {
  const auto profile = make_profile(Primaries::srgb(), std::nullopt);
  EXPECT_EQ(first_colour(with_chunk(plain_file(), profile_chunk(profile))), (Colour{200, 100, 50}));
}

TEST(PngColour, GarbageForAProfileChangesNothing) {
  const auto garbage = png_chunk("iCCP", bytes_of("no profile"));
  EXPECT_EQ(first_colour(with_chunk(plain_file(), garbage)), (Colour{200, 100, 50}));
}

EncodedImage gamma(std::uint32_t value) {
  return png_chunk("gAMA", FileBuilder().u32_be(value).file());
}

TEST(PngColour, TheUsualGammaChangesNothingAndLinearLightDoes) {
  EXPECT_EQ(first_colour(with_chunk(plain_file(), gamma(45'455))), (Colour{200, 100, 50}));
  // 100 / 255 of the light is 0.66 in sRGB.
  EXPECT_NEAR(first_colour(with_chunk(plain_file(), gamma(100'000)))[1], 168, 2);
}

TEST(PngColour, GreyHasAGammaToo) {
  for (const auto& [layout, samples] :
       {std::pair{PixelLayout::grey, std::vector<std::uint8_t>{100}},
        {PixelLayout::grey_alpha, std::vector<std::uint8_t>{100, 128}}}) {
    const auto file = png_of(*plain(4, 4, layout, samples));
    const auto usual = decode(with_chunk(file, gamma(45'455)));
    const auto linear = decode(with_chunk(file, gamma(100'000)));
    ASSERT_TRUE(usual && linear);
    EXPECT_EQ(pixel(*usual->frame, 0, 0)[0], 100);
    EXPECT_NEAR(pixel(*linear->frame, 0, 0)[0], 168, 2);
  }
}

}  // namespace
}  // namespace darkroom::imaging
