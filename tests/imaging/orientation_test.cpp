#include "imaging/pixels/orientation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/backend.hpp"
#include "tests/imaging/sample_files.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;

constexpr std::uint32_t upright_width = 64;
constexpr std::uint32_t upright_height = 32;

/// EXIF 2.3, tag 0x0112: at which side of the upright picture the stored row 0 and the stored
/// column 0 lie.
struct Sides {
  std::string_view row;
  std::string_view column;
};

Sides sides_of(std::uint32_t orientation) {
  static constexpr std::array<Sides, 8> table{{{"top", "left"},
                                               {"top", "right"},
                                               {"bottom", "right"},
                                               {"bottom", "left"},
                                               {"left", "top"},
                                               {"right", "top"},
                                               {"right", "bottom"},
                                               {"left", "bottom"}}};
  return table.at(orientation - 1);
}

/// How `upright` is stored by a camera that writes this orientation.
FramePtr stored(const Frame& upright, std::uint32_t orientation) {
  const Sides sides = sides_of(orientation);
  const bool turned = orientation >= 5;
  const std::uint32_t width = turned ? upright.height() : upright.width();
  const std::uint32_t height = turned ? upright.width() : upright.height();
  std::vector<std::uint8_t> samples;
  for (std::uint32_t row = 0; row < height; ++row) {
    for (std::uint32_t column = 0; column < width; ++column) {
      std::uint32_t x = 0;
      std::uint32_t y = 0;
      for (const auto& [side, index] : {std::pair{sides.row, row}, {sides.column, column}}) {
        if (side == "top") y = index;
        if (side == "bottom") y = upright.height() - 1 - index;
        if (side == "left") x = index;
        if (side == "right") x = upright.width() - 1 - index;
      }
      const auto found = pixel(upright, x, y);
      samples.insert(samples.end(), found.begin(), found.end());
    }
  }
  return std::make_shared<const Frame>(width, height, upright.layout(), samples);
}

void expect_upright(const Frame& frame) {
  ASSERT_EQ(frame.width(), upright_width);
  ASSERT_EQ(frame.height(), upright_height);
  constexpr int tolerance = 12;  // What JPEG loses on a plain colour.
  EXPECT_LE(distance(colour_at(frame, 16, 8), red), tolerance);
  EXPECT_LE(distance(colour_at(frame, 48, 8), green), tolerance);
  EXPECT_LE(distance(colour_at(frame, 16, 24), blue), tolerance);
  EXPECT_LE(distance(colour_at(frame, 48, 24), yellow), tolerance);
}

class EveryOrientation : public ::testing::TestWithParam<std::uint32_t> {};

TEST_P(EveryOrientation, OfAJpegIsAppliedInBothByteOrders) {
  const auto jpeg = jpeg_of(*stored(*quadrants(upright_width, upright_height), GetParam()));
  for (const bool big_endian : {false, true}) {
    const auto file = with_exif(jpeg, GetParam(), big_endian);
    const auto info = probe(file, Limits{});
    ASSERT_TRUE(info) << info.error().message;
    EXPECT_EQ(static_cast<std::uint32_t>(info->orientation), GetParam());
    const auto frame = stb_decoded(file, Limits{});
    ASSERT_TRUE(frame) << frame.error().message;
    expect_upright(**frame);
  }
}

TEST_P(EveryOrientation, IsAppliedToEachPixelExactly) {
  for (const auto layout :
       {PixelLayout::grey, PixelLayout::grey_alpha, PixelLayout::rgb, PixelLayout::rgba}) {
    const FramePtr upright = picture(151, 67, layout);
    const FramePtr camera = stored(*upright, GetParam());
    const FramePtr turned = make_upright(camera, static_cast<Orientation>(GetParam()));
    ASSERT_EQ(turned->width(), upright->width());
    EXPECT_TRUE(std::equal(turned->samples().begin(), turned->samples().end(),
                           upright->samples().begin(), upright->samples().end()));
  }
}

TEST_P(EveryOrientation, OfAPngIsApplied) {
  const auto png = png_of(*stored(*quadrants(upright_width, upright_height), GetParam()));
  constexpr std::size_t behind_header = 33;
  FileBuilder file;
  file.append({png.begin(), png.begin() + behind_header});
  file.append(png_chunk("eXIf", exif_block(GetParam(), true)));
  file.append({png.begin() + behind_header, png.end()});
  const auto frame = stb_decoded(file.file(), Limits{});
  ASSERT_TRUE(frame) << frame.error().message;
  expect_upright(**frame);
}

INSTANTIATE_TEST_SUITE_P(Exif, EveryOrientation, ::testing::Range(1U, 9U));

TEST(Exif, ValuesOutsideTheStandardCountAsNormal) {
  const auto jpeg = jpeg_of(*quadrants(upright_width, upright_height));
  for (const std::uint32_t value : {0U, 9U, 255U, 65'535U}) {
    const auto info = probe(with_exif(jpeg, value), Limits{});
    ASSERT_TRUE(info) << info.error().message;
    EXPECT_EQ(info->orientation, Orientation::normal) << value;
  }
}

TEST(Exif, GarbageCountsAsNormal) {
  const auto jpeg = jpeg_of(*quadrants(upright_width, upright_height));
  const auto good = with_exif(jpeg, 6);
  const std::size_t block = exif_block(6, false).size();
  for (std::size_t at = 12; at < 12 + block; ++at) {
    for (const unsigned value : {0x00U, 0x7FU, 0xFFU}) {
      auto file = good;
      file[at] = static_cast<std::byte>(value);
      EXPECT_TRUE(probe(file, Limits{})) << "byte " << at;
      EXPECT_TRUE(stb_decoded(file, Limits{})) << "byte " << at;
    }
  }
}

}  // namespace
}  // namespace darkroom::imaging
