#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/jpeg/jpeg_decoder.hpp"
#include "tests/imaging/jpeg/jpeg_samples.hpp"
#include "tests/imaging/sample_files.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;
using ::testing::HasSubstr;

EncodedImage cut(const EncodedImage& file, std::size_t size) {
  return {file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size)};
}

/// The offset of the last marker of a kind.
std::size_t marker(const EncodedImage& file, unsigned code) {
  for (std::size_t i = file.size() - 1; i-- > 0;) {
    if (file[i] == std::byte{0xFF} && file[i + 1] == static_cast<std::byte>(code)) return i;
  }
  return 0;
}

std::vector<EncodedImage> files() {
  const auto image = picture(180, 120);
  return {make_jpeg(*image, {.subsampling = {2, 2}}),
          make_jpeg(*image, {.subsampling = {2, 2}, .progressive = true}),
          make_jpeg(*image, {.subsampling = {2, 1}, .restart_rows = 1}),
          make_jpeg(*image, {.separate_scans = true}),
          make_jpeg(*image, {.colour = SampleColour::grey}),
          make_jpeg(*image, {.colour = SampleColour::ycck})};
}

TEST(JpegDamage, EveryCutIsCorrupt) {
  for (const auto& file : files()) {
    ASSERT_TRUE(decode(file));
    for (std::size_t part = 1; part < 16; ++part) {
      for (const bool coefficients : {false, true}) {
        const auto decoded =
            decode(cut(file, file.size() * part / 16), {.coefficients = coefficients});
        ASSERT_FALSE(decoded) << part << "/16";
        EXPECT_EQ(decoded.error().code, ErrorCode::corrupt);
      }
    }
    EXPECT_FALSE(decode(cut(file, file.size() - 2)));
  }
}

TEST(JpegDamage, ACutWithAnEndMarkerBehindItIsCorrupt) {
  const auto file = make_jpeg(*picture(180, 120), {.subsampling = {2, 2}});
  for (std::size_t part = 8; part < 16; ++part) {
    FileBuilder closed;
    closed.append(cut(file, file.size() * part / 16)).u8(0).u16_be(0xFFD9);
    const auto decoded = decode(closed.file());
    ASSERT_FALSE(decoded) << part;
    EXPECT_THAT(decoded.error().message, HasSubstr("Corrupted image file"));
  }
}

TEST(JpegDamage, AMissingStretchBetweenRestartMarkersIsCorrupt) {
  const auto file = make_jpeg(*picture(180, 120), {.restart_rows = 1});
  const std::size_t from = marker(file, 0xD2);
  const std::size_t to = marker(file, 0xD5);
  ASSERT_LT(from, to);
  EncodedImage spliced = cut(file, from);
  spliced.insert(spliced.end(), file.begin() + static_cast<std::ptrdiff_t>(to), file.end());
  const auto decoded = decode(spliced);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, ErrorCode::corrupt);
}

TEST(JpegDamage, AComponentThatNoScanBringsIsCorrupt) {
  const auto file = make_jpeg(*picture(60, 40), {.separate_scans = true});
  EncodedImage without = cut(file, marker(file, 0xDA));
  without.push_back(std::byte{0xFF});
  without.push_back(std::byte{0xD9});
  const auto decoded = decode(without);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, ErrorCode::corrupt);
}

TEST(JpegDamage, WhatDoesNoHarmIsAccepted) {
  const auto file = make_jpeg(*picture(60, 40));
  FileBuilder junk_behind;
  junk_behind.append(file).text("a video, made by the camera").u16_be(0xFFD8);
  EXPECT_TRUE(decode(junk_behind.file()));
  FileBuilder extra_bytes;
  extra_bytes.append(cut(file, file.size() - 2)).u32_be(0).u16_be(0xFFD9);
  EXPECT_TRUE(decode(extra_bytes.file()));
  FileBuilder before_marker;
  const std::size_t table = marker(file, 0xDB);
  before_marker.append(cut(file, table)).u32_be(0);
  before_marker.append({file.begin() + static_cast<std::ptrdiff_t>(table), file.end()});
  EXPECT_TRUE(decode(before_marker.file()));
}

TEST(JpegDamage, ManyScansAreTakenButNotThousands) {
  const auto image = picture(16, 16);
  EXPECT_TRUE(decode(make_jpeg(*image, {.many_scans = 2})));
  const auto decoded = decode(make_jpeg(*image, {.many_scans = 4}));
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, ErrorCode::unsupported);
  EXPECT_THAT(decoded.error().message, HasSubstr("scans"));
}

TEST(JpegDamage, KindsThatAreNotDecodedAreNamed) {
  const auto file = make_jpeg(*picture(40, 30));
  const std::size_t header = marker(file, 0xC0);
  auto twelve_bits = file;
  twelve_bits[header + 4] = std::byte{12};
  EXPECT_THAT(decode(twelve_bits).error().message, HasSubstr("12 bits"));
  auto lossless = file;
  lossless[header + 1] = std::byte{0xC3};
  EXPECT_THAT(decode(lossless).error().message, HasSubstr("lossless"));
  auto arithmetic = file;
  arithmetic[header + 1] = std::byte{0xC9};
  EXPECT_THAT(decode(arithmetic).error().message, HasSubstr("arithmetic"));
  for (const auto& kind : {twelve_bits, lossless, arithmetic}) {
    EXPECT_EQ(decode(kind).error().code, ErrorCode::unsupported);
  }
}

TEST(JpegDamage, FlippedBitsNeverCrash) {
  std::mt19937 random(20'240'607);
  int refused = 0;
  for (const auto& file : files()) {
    for (int round = 0; round < 150; ++round) {
      auto flipped = file;
      for (int flips = 0; flips <= round % 4; ++flips) {
        flipped[random() % flipped.size()] ^= static_cast<std::byte>(1U << (random() % 8));
      }
      const auto decoded =
          decode(flipped, {.sufficient = {90, 60}, .coefficients = round % 2 == 0});
      refused += decoded ? 0 : 1;
    }
  }
  EXPECT_GT(refused, 100);
}

}  // namespace
}  // namespace darkroom::imaging
