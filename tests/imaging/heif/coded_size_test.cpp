#include <algorithm>
#include <bitset>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/pixels/ycc.hpp"
#include "tests/imaging/heif/heif_samples.hpp"
#include "tests/imaging/sample_files.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;
using ::testing::HasSubstr;

/// Where the four letters of a box stand.
std::size_t place_of(const EncodedImage& file, std::string_view name) {
  const auto same = [](std::byte a, char b) { return a == static_cast<std::byte>(b); };
  const auto found = std::search(file.begin(), file.end(), name.begin(), name.end(), same);
  EXPECT_NE(found, file.end()) << name;
  return static_cast<std::size_t>(found - file.begin());
}

std::uint32_t u32_at(const EncodedImage& file, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = (value << 8U) | std::to_integer<std::uint32_t>(file.at(at + i));
  return value;
}

void write_u32(EncodedImage& file, std::size_t at, std::uint64_t value) {
  const auto bytes = FileBuilder().u32_be(static_cast<std::uint32_t>(value)).file();
  std::copy(bytes.begin(), bytes.end(), file.begin() + static_cast<std::ptrdiff_t>(at));
}

/// Places in the box iloc as libheif's encoder writes it for one item: version 0, numbers of four
/// bytes, one extent.
struct Location {
  explicit Location(const EncodedImage& file) : box(place_of(file, "iloc")) {
    EXPECT_EQ(u32_at(file, box + 8), 0x44400001U);
  }
  [[nodiscard]] std::size_t base() const { return box + 16; }
  [[nodiscard]] std::size_t offset() const { return box + 22; }
  [[nodiscard]] std::size_t length() const { return box + 26; }

  std::size_t box;
};

EncodedImage part(const EncodedImage& file, std::size_t at, std::size_t length) {
  const auto from = file.begin() + static_cast<std::ptrdiff_t>(at);
  return {from, from + static_cast<std::ptrdiff_t>(length)};
}

/// Gives the item new data, in a second box mdat at the end.
EncodedImage with_data(EncodedImage file, const EncodedImage& data) {
  const Location location(file);
  const std::size_t start = file.size() + 8;
  write_u32(file, location.base(), start);
  write_u32(file, location.offset(), 0);
  write_u32(file, location.length(), data.size());
  const auto size = static_cast<std::uint32_t>(data.size() + 8);
  return FileBuilder().append(file).u32_be(size).text("mdat").append(data).file();
}

EncodedImage data_of(const EncodedImage& file) {
  const Location location(file);
  return part(file, u32_at(file, location.base()) + u32_at(file, location.offset()),
              u32_at(file, location.length()));
}

EncodedImage with_length(const EncodedImage& unit) {
  return FileBuilder().u32_be(static_cast<std::uint32_t>(unit.size())).append(unit).file();
}

/// The parameter sets of the box hvcC, each with its length in four bytes before it.
EncodedImage parameter_sets(const EncodedImage& file) {
  FileBuilder sets;
  std::size_t at = place_of(file, "hvcC") + 4 + 22;
  const auto arrays = std::to_integer<unsigned>(file.at(at++));
  for (unsigned i = 0; i < arrays; ++i) {
    EXPECT_EQ(u32_at(file, at - 1) & 0xFFFFU, 1U) << "one unit in each array";
    const std::size_t length = u32_at(file, at + 1) & 0xFFFFU;
    sets.append(with_length(part(file, at + 5, length)));
    at += 5 + length;
  }
  return sets.file();
}

/// A sequence parameter set of 16382 pixels each way (ITU-T H.265, section 7.3.2.2).
EncodedImage huge_set() {
  std::string bits = "0100001000000001";  // A NAL unit of type 33.
  bits += "00000001";                     // No sub-layers.
  for (int i = 0; i < 96 / 8; ++i)
    bits += "01010101";
  bits += "1010";  // Number 0, 4:2:0.
  for (int side = 0; side < 2; ++side)
    bits += std::string(13, '0') + std::string(14, '1');
  bits += "0";
  bits.resize((bits.size() + 7) / 8 * 8, '1');
  FileBuilder unit;
  for (std::size_t i = 0; i < bits.size(); i += 8)
    unit.u8(static_cast<std::uint32_t>(std::bitset<8>(bits, i, 8).to_ulong()));
  return unit.file();
}

EncodedImage joined(const EncodedImage& first, const EncodedImage& second) {
  return FileBuilder().append(first).append(second).file();
}

void expect_corrupt(const EncodedImage& file, std::string_view why) {
  const auto info = probe(file, Limits{});
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().code, ErrorCode::corrupt);
  EXPECT_THAT(info.error().message, HasSubstr(std::string(why)));
}

TEST(HeifCodedSize, ALargerPictureInTheDataThanInTheHeaderIsRefusedByTheProbe) {
  const auto small = heic_of(*picture(64, 64));
  // More than twice the header's pixels and a tile, which would be let pass.
  const auto large = heic_of(*plain(2'304, 2'048, PixelLayout::rgb, {90, 120, 60}));
  ASSERT_TRUE(probe(large, Limits{}));
  expect_corrupt(with_data(small, joined(parameter_sets(large), data_of(large))),
                 "two different sizes");
}

TEST(HeifCodedSize, AParameterSetIsFoundBehindTheCodedPicture) {
  const auto small = heic_of(*picture(64, 64));
  expect_corrupt(with_data(small, joined(data_of(small), with_length(huge_set()))),
                 "two different sizes");
}

TEST(HeifCodedSize, ParameterSetsOfTheRightSizeMayBeRepeatedInTheData) {
  const FramePtr frame = picture(96, 64);
  const auto file = heic_of(*frame);
  const auto decoded = decode(with_data(file, joined(parameter_sets(file), data_of(file))));
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_LT(mean_difference(*to_rgb(*decoded->frame), *frame), 3.0);
}

TEST(HeifCodedSize, AParameterSetListedAsAnotherIsStillLookedAt) {
  auto file = heic_of(*picture(64, 64));
  // In the place of the video parameter set's array, which the decoder is given all the same.
  constexpr std::uint32_t video_parameter_set = 32;
  const auto arrays = place_of(file, "hvcC") + 4 + 22;
  const auto set = huge_set();
  const auto array = FileBuilder()
                         .u8(1)
                         .u8(video_parameter_set)
                         .u16_be(1)
                         .u16_be(static_cast<std::uint32_t>(set.size()))
                         .append(set)
                         .file();
  std::copy(array.begin(), array.end(), file.begin() + static_cast<std::ptrdiff_t>(arrays));
  expect_corrupt(file, "two different sizes");
}

TEST(HeifCodedSize, DataThatDoNotLieInTheFileAreRefused) {
  const auto file = heic_of(*picture(64, 64));
  const Location location(file);
  for (const std::size_t field : {location.base(), location.offset(), location.length()}) {
    for (const std::uint64_t value : {std::uint64_t{file.size()}, std::uint64_t{0xFFFFFFFF}}) {
      auto damaged = file;
      write_u32(damaged, field, value);
      expect_corrupt(damaged, "ends before the picture does");
    }
  }
  auto empty = file;
  write_u32(empty, location.length(), 0);
  expect_corrupt(empty, "ends before the picture does");
}

TEST(HeifCodedSize, UnitsLongerThanTheDataAreRefused) {
  const auto file = heic_of(*picture(64, 64));
  for (const std::uint32_t length : {1U, 0x7FFFFFFFU, 0xFFFFFFFFU})
    expect_corrupt(with_data(file, FileBuilder().u32_be(length).file()), "ends before");
  expect_corrupt(with_data(file, joined(data_of(file), FileBuilder().zeros(3).file())),
                 "ends before");
}

TEST(HeifCodedSize, ASecondListOfPicturesIsRefused) {
  const auto file = heic_of(*picture(64, 64));
  const std::size_t meta = place_of(file, "meta") - 4;
  expect_corrupt(joined(file, part(file, meta, u32_at(file, meta))), "lists its pictures twice");
}

}  // namespace
}  // namespace darkroom::imaging
