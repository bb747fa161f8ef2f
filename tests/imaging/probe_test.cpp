#include "imaging/probe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/imaging/sample_files.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;
using ::testing::HasSubstr;

struct Sample {
  InputFormat format;
  EncodedImage file;
};

std::vector<Sample> samples_of_every_format() {
  const FramePtr frame = quadrants(13, 6);
  return {{InputFormat::jpeg, jpeg_of(*frame)}, {InputFormat::png, png_of(*frame)},
          {InputFormat::gif, gif_file(13, 6)},  {InputFormat::bmp, bmp_of(*frame)},
          {InputFormat::psd, psd_of(*frame)},   {InputFormat::tga, tga_of(*frame)},
          {InputFormat::pnm, ppm_of(*frame)},   {InputFormat::hdr, hdr_file(13, 6)}};
}

TEST(Probe, TellsFormatAndSizeOfEveryFormat) {
  for (const Sample& sample : samples_of_every_format()) {
    const auto info = probe(sample.file, Limits{});
    ASSERT_TRUE(info) << to_string(sample.format) << ": " << info.error().message;
    EXPECT_EQ(info->format, sample.format);
    EXPECT_EQ(info->width, 13U) << to_string(sample.format);
    EXPECT_EQ(info->height, 6U) << to_string(sample.format);
    EXPECT_EQ(info->orientation, Orientation::normal);
  }
}

TEST(Probe, NamesFormats) {
  EXPECT_EQ(to_string(InputFormat::jpeg), "jpeg");
  EXPECT_EQ(content_type(InputFormat::png), "image/png");
  EXPECT_EQ(extension(InputFormat::jpeg), "jpg");
  EXPECT_EQ(to_string(InputFormat::hdr), "hdr");
  EXPECT_EQ(extension(InputFormat::hdr), "hdr");
}

TEST(Probe, NeedsOnlyTheHeader) {
  const auto file = png_of(*picture(200, 100));
  const auto info = probe(std::span(file).first(33), Limits{});
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(info->width, 200U);
}

TEST(Probe, ReadsTheSizeOfATopDownBmp) {
  auto file = bmp_of(*quadrants(4, 4));
  for (const std::size_t at : {22, 23, 24, 25})
    file[at] = std::byte{0xFF};
  file[22] = std::byte{0xFC};  // A height of -4.
  const auto info = probe(file, Limits{});
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(info->height, 4U);
}

TEST(Probe, RefusesAnEmptyFile) {
  const auto info = probe({}, Limits{});
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().code, ErrorCode::empty);
}

TEST(Probe, RefusesWhatIsNoImage) {
  for (const std::string_view text :
       {"Dear Sir or Madam,\nplease find attached my picture.\n", "BMW sells cars, not bitmaps.",
        "P5", "{\"a\": 1}", "GIF", "\xFF\xD8", "<html><body>404</body></html>", "x"}) {
    const auto info = probe(bytes_of(text), Limits{});
    ASSERT_FALSE(info) << text;
    EXPECT_EQ(info.error().code, ErrorCode::not_an_image) << text;
    EXPECT_THAT(info.error().message, HasSubstr("JPEG, PNG, GIF, BMP, PSD, TGA"));
  }
}

TEST(Probe, RefusesRandomBinaryData) {
  // An executable, an archive, a font, a database: none of them is to pass for a TGA.
  using namespace std::string_view_literals;
  for (const auto& head : {"\x7F"
                           "ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0>\0\1\0\0\0"sv,
                           "PK\3\4\24\0\0\0\10\0\0\0!\0\0\0\0\0\0\0\0\0"sv,
                           "\0\1\0\0\0\20\1\0\0\4\0\0DSIG\0\0\0\0\0\0"sv,
                           "SQLite format 3\0\20\0\1\1\0@  \0\0\0\1"sv}) {
    const auto info = probe(bytes_of(head), Limits{});
    ASSERT_FALSE(info);
    EXPECT_EQ(info.error().code, ErrorCode::not_an_image);
  }
}

TEST(Probe, NamesWhatItRecognisesAndDoesNotSupport) {
  using namespace std::string_view_literals;
  const std::vector<std::pair<std::string_view, std::string_view>> cases{
      {"II*\0\10\0\0\0"sv, "TIFF"},
      {"MM\0*\0\0\0\10"sv, "TIFF"},
      {"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"sv, "SVG"},
      {"\xEF\xBB\xBF \n<?xml version=\"1.0\"?><svg/>"sv, "SVG"},
      {"%PDF-1.7\n"sv, "PDF"},
      {"\0\0\1\0\1\0\20\20"sv, "ICO"},
      {"\xFF\x0A\xFA\x1F"sv, "JPEG XL"},
      {"\0\0\0\x0CjP  \r\n\x87\n"sv, "JPEG 2000"},
      {"P3\n1 1\n255\n0 0 0\n"sv, "PNM"},
  };
  for (const auto& [head, name] : cases) {
    const auto info = probe(bytes_of(head), Limits{});
    ASSERT_FALSE(info) << name;
    EXPECT_EQ(info.error().code, ErrorCode::unsupported) << name << ": " << info.error().message;
    EXPECT_THAT(info.error().message, HasSubstr(name));
  }
}

/// Finds the baseline frame header that every JPEG of stb_image_write has.
std::size_t frame_header_of(const EncodedImage& jpeg) {
  for (std::size_t i = 0; i + 1 < jpeg.size(); ++i) {
    if (jpeg[i] == std::byte{0xFF} && jpeg[i + 1] == std::byte{0xC0}) return i;
  }
  return 0;
}

TEST(Probe, NamesTheKindsOfJpegThatItDoesNotSupport) {
  const auto jpeg = jpeg_of(*quadrants(16, 16));
  const std::size_t header = frame_header_of(jpeg);
  auto arithmetic = jpeg;
  arithmetic[header + 1] = std::byte{0xC9};
  auto lossless = jpeg;
  lossless[header + 1] = std::byte{0xC3};
  auto twelve_bits = jpeg;
  twelve_bits[header + 4] = std::byte{12};
  for (const auto& [file, name] :
       {std::pair{arithmetic, "arithmetic"}, {lossless, "lossless"}, {twelve_bits, "12 bits"}}) {
    const auto info = probe(file, Limits{});
    ASSERT_FALSE(info) << name;
    EXPECT_EQ(info.error().code, ErrorCode::unsupported) << name;
    EXPECT_THAT(info.error().message, HasSubstr(name));
  }
}

TEST(Errors, HaveNamesAndKinds) {
  EXPECT_EQ(to_string(ErrorCode::empty), "empty");
  EXPECT_EQ(to_string(ErrorCode::encode_failed), "encode_failed");
  EXPECT_TRUE(is_transient(ErrorCode::out_of_memory));
  EXPECT_FALSE(is_transient(ErrorCode::corrupt));
}

}  // namespace
}  // namespace darkroom::imaging
