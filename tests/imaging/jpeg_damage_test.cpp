#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/backend.hpp"
#include "tests/imaging/sample_files.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;
using ::testing::StartsWith;

constexpr std::string_view cut_off_message =
    "Corrupted image file: the JPEG data ends before the picture does.";

EncodedImage cut(const EncodedImage& file, std::size_t size) {
  return {file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size)};
}

/// The front of a file with an end-of-image marker put behind it, as recovery tools write it.
EncodedImage cut_and_closed(const EncodedImage& file, std::size_t size) {
  auto front = cut(file, size);
  while (!front.empty() && front.back() == std::byte{0xFF})
    front.pop_back();
  return FileBuilder().append(front).u16_be(0xFFD9).file();
}

/// The offset behind the first scan header.
std::size_t scan_data_of(const EncodedImage& jpeg) {
  for (std::size_t i = 0; i + 3 < jpeg.size(); ++i) {
    if (jpeg[i] == std::byte{0xFF} && jpeg[i + 1] == std::byte{0xDA}) {
      return i + 2 + std::to_integer<std::size_t>(jpeg[i + 3]);
    }
  }
  return 0;
}

TEST(DamagedJpeg, EveryCutIsAnError) {
  for (const EncodedImage& jpeg : {jpeg_of(*picture(60, 40)), progressive_jpeg()}) {
    for (std::size_t size = 0; size < jpeg.size(); ++size) {
      const auto frame = stb_decoded(cut(jpeg, size), Limits{});
      ASSERT_FALSE(frame) << "cut at " << size << " of " << jpeg.size();
    }
    EXPECT_TRUE(stb_decoded(jpeg, Limits{}));
  }
}

TEST(DamagedJpeg, ACutInThePixelsNamesTheCause) {
  const auto jpeg = jpeg_of(*picture(300, 200));
  const auto frame = stb_decoded(cut(jpeg, jpeg.size() / 2), Limits{});
  ASSERT_FALSE(frame);
  EXPECT_EQ(frame.error().code, ErrorCode::corrupt);
  EXPECT_EQ(frame.error().message, cut_off_message);
}

// stb_image by itself decodes these to a picture whose lower part is grey, and reports success.
TEST(DamagedJpeg, EveryCutWithAnEndMarkerBehindItIsAnErrorToo) {
  for (const int quality : {60, 95}) {
    const auto jpeg = jpeg_of(*picture(60, 40), quality);
    for (std::size_t size = scan_data_of(jpeg); size + 3 < jpeg.size(); ++size) {
      const auto frame = stb_decoded(cut_and_closed(jpeg, size), Limits{});
      ASSERT_FALSE(frame) << "cut at " << size << " of " << jpeg.size();
      EXPECT_THAT(frame.error().message, StartsWith("Corrupted image file: the JPEG data"));
    }
  }
}

TEST(DamagedJpeg, AClosedCutInTheMiddleNamesTheCause) {
  const auto jpeg = jpeg_of(*picture(300, 200));
  const auto frame = stb_decoded(cut_and_closed(jpeg, jpeg.size() / 2), Limits{});
  ASSERT_FALSE(frame);
  EXPECT_EQ(frame.error().message, cut_off_message);
}

TEST(DamagedJpeg, BytesBehindTheEndAreIgnored) {
  const auto jpeg = jpeg_of(*quadrants(32, 32));
  FileBuilder file;
  file.append(jpeg).text("made by a camera that appends a video").u16_be(0xFFD8);
  EXPECT_TRUE(stb_decoded(file.file(), Limits{}));
}

TEST(DamagedJpeg, FillBytesBeforeMarkersAreAllowed) {
  const auto jpeg = jpeg_of(*quadrants(32, 32));
  FileBuilder file;
  file.append(cut(jpeg, 2)).u16_be(0xFFFF).append({jpeg.begin() + 2, jpeg.end() - 2});
  file.u8(0xFF).u8(0xFF).u16_be(0xFFD9);
  const auto frame = stb_decoded(file.file(), Limits{});
  ASSERT_TRUE(frame) << frame.error().message;
}

TEST(DamagedJpeg, MissingTablesAreAnError) {
  const auto jpeg = jpeg_of(*quadrants(32, 32));
  for (const unsigned table : {0xDBU, 0xC4U}) {
    auto file = jpeg;
    for (std::size_t i = 0; i + 1 < file.size(); ++i) {
      const bool found = file[i] == std::byte{0xFF} && file[i + 1] == static_cast<std::byte>(table);
      if (found) file[i + 1] = std::byte{0xFE};  // Turned into a comment.
    }
    const auto frame = stb_decoded(file, Limits{});
    ASSERT_FALSE(frame);
    EXPECT_THAT(frame.error().message, ::testing::HasSubstr("table of the JPEG data is missing"));
  }
}

TEST(DamagedJpeg, AHuffmanTableWithTooManyCodesIsAnError) {
  const auto jpeg = jpeg_of(*quadrants(32, 32));
  FileBuilder table;
  table.u16_be(0xFFC4).u16_be(2 + 17 + 16 * 255).u8(0);
  for (int i = 0; i < 16; ++i)
    table.u8(255);
  table.zeros(std::size_t{16} * 255);
  FileBuilder file;
  file.append(cut(jpeg, 2)).append(table.file()).append({jpeg.begin() + 2, jpeg.end()});
  const auto frame = stb_decoded(file.file(), Limits{});
  ASSERT_FALSE(frame);
  EXPECT_THAT(frame.error().message, ::testing::HasSubstr("Huffman table"));
}

TEST(ProgressiveJpeg, IsDecoded) {
  const auto frame = stb_decoded(progressive_jpeg(), Limits{});
  ASSERT_TRUE(frame) << frame.error().message;
  ASSERT_EQ((*frame)->layout(), PixelLayout::grey);
  for (const std::uint32_t x : {2U, 12U, 21U}) {
    EXPECT_NEAR(pixel(**frame, x, 12).at(0), x * 10, 12) << x;
  }
}

}  // namespace
}  // namespace darkroom::imaging
