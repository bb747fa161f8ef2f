#include <algorithm>
#include <random>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/formats/hevc_size.hpp"
#include "tests/imaging/heif/heif_samples.hpp"
#include "tests/imaging/sample_files.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;

std::vector<EncodedImage> every_kind() {
  return {avif_of(*picture(40, 30)), avif_of(*picture(40, 30, PixelLayout::rgba)),
          heic_of(*picture(64, 48)), heic_of(*picture(64, 48, PixelLayout::rgba))};
}

TEST(HeifDamage, EveryCutIsAnError) {
  for (const auto& file : every_kind()) {
    for (std::size_t size = 0; size < file.size(); size += 1 + size / 64) {
      const auto result = decode({file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size)});
      ASSERT_FALSE(result) << "cut at " << size << " of " << file.size();
      EXPECT_EQ(result.error().message.back(), '.') << result.error().message;
    }
    EXPECT_FALSE(decode({file.begin(), file.end() - 1}));
  }
}

TEST(HeifDamage, FlippedBitsEndInAPictureOrInASentence) {
  std::mt19937 random(5);
  for (const auto& file : every_kind()) {
    for (int round = 0; round < 400; ++round) {
      auto damaged = file;
      const std::size_t range =
          round % 2 == 0 ? file.size() : std::min<std::size_t>(600, file.size());
      damaged[random() % range] ^= static_cast<std::byte>(1U << (random() % 8));
      const auto result = decode(damaged);
      if (!result) {
        EXPECT_EQ(result.error().message.back(), '.') << result.error().message;
      }
    }
  }
}

/// Writes over the widths in all properties of type ispe.
EncodedImage with_other_size(EncodedImage file, std::uint8_t width) {
  constexpr std::string_view name = "ispe";
  const auto same = [](std::byte a, char b) { return a == static_cast<std::byte>(b); };
  for (auto from = file.begin();;) {
    from = std::search(from, file.end(), name.begin(), name.end(), same);
    if (from == file.end()) return file;
    *(from + 11) = static_cast<std::byte>(width);
    ++from;
  }
}

TEST(HeifDamage, APictureOfAnotherSizeThanItsFileTells) {
  for (const auto& file : every_kind()) {
    for (const int width : {8, 200}) {
      const auto damaged = with_other_size(file, static_cast<std::uint8_t>(width));
      const auto result = decode(damaged);
      // libavif scales what is coded to the size that the file tells; libheif does not.
      if (result) {
        EXPECT_EQ(result->size.width, static_cast<std::uint32_t>(width));
      } else {
        EXPECT_EQ(result.error().code, ErrorCode::corrupt) << result.error().message;
      }
    }
  }
}

/// A box hvcC whose only parameter set announces a picture of 2^k - 2 pixels each way.
EncodedImage configuration_of(unsigned k) {
  std::string bits(16 + 4, '0');
  bits += "0001";                   // No sub-layers.
  for (int i = 0; i < 96 / 8; ++i)  // Profile and level: no zeros that would have to be escaped.
    bits += "01010101";
  bits += "1";    // Number 0.
  bits += "010";  // 4:2:0
  for (int side = 0; side < 2; ++side)
    bits += std::string(k - 1, '0') + std::string(k, '1');
  bits +=
      "1"
      "1"
      "010"
      "1"
      "1";  // Outside of the window: nothing on the left, one unit of 2 on the right.
  bits.resize((bits.size() + 7) / 8 * 8, '1');
  FileBuilder unit;
  for (std::size_t i = 0; i < bits.size(); i += 8)
    unit.u8(static_cast<std::uint32_t>(std::stoul(bits.substr(i, 8), nullptr, 2)));
  FileBuilder box;
  box.zeros(22).u8(1).u8(33).u16_be(1).u16_be(static_cast<std::uint32_t>(unit.file().size()));
  return box.append(unit.file()).file();
}

TEST(HevcSize, IsReadFromTheParameterSets) {
  for (const unsigned k : {3U, 7U, 14U}) {
    const std::uint32_t side = (1U << k) - 2;
    const auto size = hevc_size(configuration_of(k));
    ASSERT_TRUE(size);
    EXPECT_EQ(size->coded, (Size{side, side}));
    EXPECT_EQ(size->shown, (Size{side - 2, side}));
  }
  EXPECT_FALSE(hevc_size(FileBuilder().zeros(10).file()));
}

TEST(HeifDamage, ACodedPictureFarLargerThanItsFileTellsIsRefusedByTheProbe) {
  auto file = heic_of(*picture(64, 48));
  constexpr std::string_view name = "hvcC";
  const auto found =
      std::search(file.begin(), file.end(), name.begin(), name.end(),
                  [](std::byte a, char b) { return a == static_cast<std::byte>(b); });
  ASSERT_NE(found, file.end());
  // The box is long enough: behind the parameter set, what is left of it is not looked at.
  const auto bomb = configuration_of(14);
  std::copy(bomb.begin(), bomb.end(), found + 4);
  const auto info = probe(file, Limits{});
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().code, ErrorCode::corrupt);
}

}  // namespace
}  // namespace darkroom::imaging
