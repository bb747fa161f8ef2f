#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/backend.hpp"
#include "tests/imaging/sample_files.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;
using ::testing::HasSubstr;

constexpr std::uint32_t pixel_bits = 2;
constexpr std::uint32_t clear = 1U << pixel_bits;
constexpr std::uint32_t end = clear + 1;

/// Codes as a decoder reads them: they become wider as its table grows.
class CodeWriter {
 public:
  void add(std::uint32_t code) {
    bits_ |= std::uint64_t{code} << count_;
    for (count_ += width_; count_ >= 8; count_ -= 8, bits_ >>= 8U)
      bytes_.push_back(static_cast<std::uint8_t>(bits_));
    if (code == clear) {
      known_ = end;  // The first code behind it adds nothing to the table.
      width_ = pixel_bits + 1;
    } else if (++known_ == 1U << width_ && width_ < 12) {
      ++width_;
    }
  }

  /// The next code that is not in the table yet: the one before and its own first pixel.
  [[nodiscard]] std::uint32_t unknown() const { return known_; }

  std::vector<std::uint8_t> take() {
    bytes_.push_back(static_cast<std::uint8_t>(bits_));
    return std::move(bytes_);
  }

 private:
  std::vector<std::uint8_t> bytes_;
  std::uint64_t bits_ = 0;
  std::uint32_t count_ = 0;
  std::uint32_t known_ = end;
  std::uint32_t width_ = pixel_bits + 1;
};

EncodedImage file_of(Size size, const std::vector<std::uint8_t>& data) {
  FileBuilder builder;
  builder.text("GIF89a").u16_le(size.width).u16_le(size.height).u8(0x81).u8(0).u8(0);
  for (const Colour& colour : {red, green, blue, yellow})
    builder.u8(colour[0]).u8(colour[1]).u8(colour[2]);
  builder.u8(0x2C).zeros(4).u16_le(size.width).u16_le(size.height).u8(0).u8(pixel_bits);
  for (const std::uint8_t byte : data)
    builder.u8(1).u8(byte);  // The smallest blocks.
  return builder.u8(0).u8(0x3B).file();
}

/// Each pixel as a code of its own, until the table is nearly full.
EncodedImage literal_gif(Size size, std::uint32_t pixels) {
  CodeWriter codes;
  for (std::uint32_t i = 0; i < pixels; ++i) {
    if (i % 4'000 == 0) codes.add(clear);
    codes.add(i % 4);
  }
  codes.add(end);
  return file_of(size, codes.take());
}

TEST(GifPixelData, IsCountedThroughCodesOfEveryWidth) {
  const auto whole = stb_decoded(literal_gif({100, 60}, 6'000));
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_EQ(colour_at(**whole, 99, 59), yellow);
  const auto short_of_one = stb_decoded(literal_gif({100, 60}, 5'999));
  ASSERT_FALSE(short_of_one);
  EXPECT_EQ(short_of_one.error().message,
            "Corrupted image file: the GIF data ends before the picture does.");
}

TEST(GifPixelData, IsCountedThroughCodesThatStandForThemselves) {
  // 1 + 2 + ... + 10 pixels of one colour.
  CodeWriter codes;
  codes.add(clear);
  codes.add(2);
  for (int i = 0; i < 9; ++i)
    codes.add(codes.unknown());
  codes.add(end);
  const auto data = codes.take();
  const auto whole = stb_decoded(file_of({11, 5}, data));
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_EQ(colour_at(**whole, 10, 4), blue);
  EXPECT_FALSE(stb_decoded(file_of({8, 7}, data)));
}

TEST(GifPixelData, WithACodeThatMeansNothingIsDamaged) {
  for (const std::uint32_t known : {0U, 1U}) {
    CodeWriter codes;
    codes.add(clear);
    if (known == 1) codes.add(0);
    codes.add(7);
    codes.add(end);
    const auto frame = stb_decoded(file_of({2, 2}, codes.take()));
    ASSERT_FALSE(frame);
    EXPECT_THAT(frame.error().message, HasSubstr("the GIF data is damaged"));
  }
}

}  // namespace
}  // namespace darkroom::imaging
