#include <algorithm>
#include <random>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/backend.hpp"
#include "tests/imaging/gif_comparison.hpp"
#include "tests/imaging/gif_samples.hpp"
#include "tests/imaging/sample_files.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<Colour> random_palette(std::mt19937& random, std::size_t colours) {
  std::vector<Colour> palette(colours);
  for (Colour& colour : palette) {
    for (auto& sample : colour)
      sample = static_cast<std::uint8_t>(random());
  }
  return palette;
}

/// 256 colours without any order, so that the table of codes is full soon.
SampleGif noise(Size size, bool clears) {
  std::mt19937 random(size.width);
  SampleGif gif{.canvas = size, .size = size, .pixels = {}, .pixel_bits = 8, .clears = clears};
  gif.palette = random_palette(random, 256);
  gif.pixels.resize(std::size_t{size.width} * size.height);
  for (auto& pixel : gif.pixels)
    pixel = static_cast<std::uint8_t>(random());
  return gif;
}

void expect_exact(const Frame& frame, const SampleGif& gif) {
  ASSERT_EQ(frame.size(), gif.size);
  ASSERT_EQ(frame.layout(), PixelLayout::rgb);
  std::vector<std::uint8_t> expected;
  for (const std::uint8_t pixel : gif.pixels)
    expected.insert(expected.end(), gif.palette[pixel].begin(), gif.palette[pixel].end());
  EXPECT_TRUE(std::ranges::equal(frame.samples(), expected));
}

TEST(GifDecoder, ReadsATableThatIsClearedWhenItIsFull) {
  for (const Size size : {Size{120, 100}, Size{600, 500}}) {
    const SampleGif gif = noise(size, true);
    const auto frame = gif_decoded_by_both(make_gif(gif));
    ASSERT_TRUE(frame) << frame.error().message;
    expect_exact(**frame, gif);
  }
}

TEST(GifDecoder, ReadsATableThatStaysFull) {
  for (const Size size : {Size{120, 100}, Size{600, 500}}) {
    const SampleGif gif = noise(size, false);
    const auto file = make_gif(gif);
    const auto picture = fast_backend().decode(file, Limits{});
    ASSERT_TRUE(picture) << picture.error().message;
    expect_exact(*picture->frame, gif);
    const auto reference = stb_decoded(file);
    ASSERT_FALSE(reference) << "stb_image has learnt it: its documented limit is gone.";
    EXPECT_THAT(reference.error().message, HasSubstr("too many codes"));
  }
}

TEST(GifDecoder, ReadsLongPiecesOfATableThatStaysFull) {
  // Pieces of one colour grow by a pixel with each code: 4,096 of them are 8 million pixels.
  SampleGif gif{.canvas = {3000, 3000}, .size = {3000, 3000}, .pixels = {}, .clears = false};
  gif.pixels.assign(9'000'000, 2);
  gif.pixels.back() = 3;
  const auto picture = fast_backend().decode(make_gif(gif), Limits{});
  ASSERT_TRUE(picture) << picture.error().message;
  expect_exact(*picture->frame, gif);
}

TEST(GifDecoder, MissingPixelsBehindAFullTableAreAnError) {
  SampleGif gif = noise({120, 100}, false);
  gif.pixels.pop_back();
  const auto one_less = fast_backend().decode(make_gif(gif), Limits{});
  ASSERT_FALSE(one_less);
  EXPECT_EQ(one_less.error().code, ErrorCode::corrupt);
  EXPECT_EQ(one_less.error().message,
            "Corrupted image file: the GIF data ends before the picture does.");
  const auto whole = make_gif(noise({120, 100}, false));
  for (std::size_t size = 6; size + 1 < whole.size(); size += 101) {
    const auto cut = fast_backend().decode(std::span(whole).first(size), Limits{});
    ASSERT_FALSE(cut) << "cut at " << size;
    EXPECT_EQ(cut.error().message, one_less.error().message) << "cut at " << size;
  }
}

TEST(GifDecoder, ALocalPaletteGoesBeforeTheGlobalOne) {
  SampleGif gif{.canvas = {2, 1}, .size = {2, 1}, .pixels = {0, 1}};
  gif.local_palette = {yellow, blue};
  for (const bool with_global : {true, false}) {
    if (!with_global) gif.palette.clear();
    const auto frame = gif_decoded_by_both(make_gif(gif));
    ASSERT_TRUE(frame) << frame.error().message;
    EXPECT_EQ(colour_at(**frame, 0, 0), yellow);
    EXPECT_EQ(colour_at(**frame, 1, 0), blue);
  }
}

TEST(GifDecoder, WithoutAnyPaletteOrBeyondItsCanvasIsAnError) {
  const auto bare = gif_decoded_by_both(
      make_gif({.canvas = {1, 1}, .size = {1, 1}, .pixels = {0}, .palette = {}}));
  ASSERT_FALSE(bare);
  EXPECT_EQ(bare.error().message, "Corrupted image file: the GIF has no colour table.");
  const auto beyond = gif_decoded_by_both(
      make_gif({.canvas = {3, 3}, .left = 2, .size = {2, 1}, .pixels = {0, 1}}));
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().message,
            "Corrupted image file: the GIF's picture reaches beyond its canvas.");
}

TEST(GifDecoder, TheBackgroundColourIsNotHeeded) {
  const auto file = make_gif({.canvas = {2, 1}, .size = {1, 1}, .pixels = {1}, .background = 2});
  const auto picture = fast_backend().decode(file, Limits{});
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_THAT(picture->frame->samples(),
              ElementsAre(green[0], green[1], green[2], 255, 0, 0, 0, 0));
}

TEST(GifDecoder, APictureWithoutPixelsIsAClearCanvas) {
  const auto frame =
      gif_decoded_by_both(make_gif({.canvas = {1, 2}, .size = {0, 2}, .pixels = {}}));
  ASSERT_TRUE(frame) << frame.error().message;
  EXPECT_THAT((*frame)->samples(), ElementsAre(0, 0, 0, 0, 0, 0, 0, 0));
}

SampleGif random_gif(std::mt19937& random) {
  const auto up_to = [&](std::uint32_t most) {
    return static_cast<std::uint32_t>(random() % most);
  };
  SampleGif gif{.canvas = {1 + up_to(90), 1 + up_to(90)}, .size = {}, .pixels = {}};
  gif.size = gif.canvas;
  if (up_to(2) == 0) gif.size = {1 + up_to(gif.canvas.width), 1 + up_to(gif.canvas.height)};
  gif.left = up_to(gif.canvas.width - gif.size.width + 1);
  gif.top = up_to(gif.canvas.height - gif.size.height + 1);
  gif.pixel_bits = 1 + up_to(8);
  const std::uint32_t colours = 1U << gif.pixel_bits;
  gif.palette = random_palette(random, colours);
  if (up_to(2) == 0) gif.local_palette = random_palette(random, colours);
  if (up_to(2) == 0) gif.transparent = static_cast<std::uint8_t>(up_to(colours));
  gif.interlaced = up_to(2) == 0;
  const std::uint32_t used = 1 + up_to(colours);
  gif.pixels.resize(std::size_t{gif.size.width} * gif.size.height);
  for (auto& pixel : gif.pixels)
    pixel = static_cast<std::uint8_t>(up_to(used));
  return gif;
}

TEST(GifDecoder, MakesOfEveryKindWhatTheReferenceDoes) {
  for (const int frames : {1, 4})
    EXPECT_TRUE(gif_decoded_by_both(gif_file(9, 5, frames)));
  std::mt19937 random(89);
  for (int round = 0; round < 300; ++round) {
    EXPECT_TRUE(gif_decoded_by_both(make_gif(random_gif(random)))) << "round " << round;
  }
}

TEST(GifDecoder, MakesOfADamagedFileWhatTheReferenceDoesOrRefusesIt) {
  constexpr std::size_t background = 11;
  std::mt19937 random(87);
  const Limits limits{.max_pixels = 100'000};
  int read = 0;
  for (int round = 0; round < 1'500; ++round) {
    auto file = make_gif(random_gif(random));
    const std::size_t range = random() % 2 == 0 ? file.size() : 32;
    file.at(random() % std::min(range, file.size())) ^= static_cast<std::byte>(1U << random() % 8);
    const auto picture = fast_backend().decode(file, limits);
    const auto reference = stb_decoded(file, limits);
    if (!picture) {
      EXPECT_EQ(picture.error().message.back(), '.') << picture.error().message;
      EXPECT_FALSE(reference) << "round " << round << ": " << picture.error().message;
    } else if (reference && file.at(background) == std::byte{0}) {
      ++read;
      ASSERT_EQ(picture->frame->layout(), (*reference)->layout()) << "round " << round;
      ASSERT_TRUE(std::ranges::equal(picture->frame->samples(), (*reference)->samples()))
          << "round " << round;
    }
  }
  EXPECT_GT(read, 300);
}

}  // namespace
}  // namespace darkroom::imaging
