#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/backend.hpp"
#include "tests/imaging/sample_files.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A row of pixels in a palette of red and green.
EncodedImage palette_bmp(std::uint32_t bits, std::uint32_t width, std::vector<std::uint8_t> row,
                         std::uint32_t compression = 0) {
  constexpr std::uint32_t colours = 2;
  FileBuilder builder;
  builder.text("BM").zeros(8).u32_le(54 + 4 * colours).u32_le(40).u32_le(width).u32_le(1);
  builder.u16_le(1).u16_le(bits).u32_le(compression).zeros(12).u32_le(colours).zeros(4);
  builder.u8(0).u8(0).u8(255).u8(0).u8(0).u8(255).u8(0).u8(0);
  row.resize((row.size() + 3) / 4 * 4);
  return builder.bytes(row).file();
}

TEST(Bmp, PalettesOfEveryDepthAreLookedUp) {
  const std::vector<std::pair<std::uint32_t, std::vector<std::uint8_t>>> rows{
      {1, {0b10100000}}, {4, {0x10, 0x10}}, {8, {1, 0, 1}}};
  for (const auto& [bits, row] : rows) {
    const auto frame = stb_decoded(palette_bmp(bits, 3, row), Limits{});
    ASSERT_TRUE(frame) << bits << " bits: " << frame.error().message;
    EXPECT_THAT((*frame)->samples(), ElementsAre(0, 255, 0, 255, 0, 0, 0, 255, 0)) << bits;
  }
}

TEST(Bmp, AColourOutsideThePaletteIsAnError) {
  for (const auto& [bits, row] :
       {std::pair{4U, std::vector<std::uint8_t>{0x12}}, {8U, std::vector<std::uint8_t>{0, 2}}}) {
    const auto frame = stb_decoded(palette_bmp(bits, 2, row), Limits{});
    ASSERT_FALSE(frame) << bits;
    EXPECT_THAT(frame.error().message, HasSubstr("a colour that its palette does not have"));
  }
}

TEST(Bmp, RunLengthCodingIsToldApart) {
  const auto info = probe(palette_bmp(8, 3, {1, 0, 1}, 1), Limits{});
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().code, ErrorCode::unsupported);
  EXPECT_THAT(info.error().message, HasSubstr("run-length"));
}

TEST(Bmp, TopDownRowsStandUpright) {
  auto file = bmp_of(*quadrants(4, 4));
  for (const std::size_t at : {22, 23, 24, 25})
    file[at] = std::byte{0xFF};
  file[22] = std::byte{0xFC};  // A height of -4: the file's first row is the top.
  const auto frame = stb_decoded(file, Limits{});
  ASSERT_TRUE(frame) << frame.error().message;
  EXPECT_EQ(colour_at(**frame, 0, 0), blue);
  EXPECT_EQ(colour_at(**frame, 0, 3), red);
}

}  // namespace
}  // namespace darkroom::imaging
