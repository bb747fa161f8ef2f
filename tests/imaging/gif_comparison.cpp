#include "tests/imaging/gif_comparison.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging::testing {

tl::expected<FramePtr, Error> gif_decoded_by_both(const EncodedImage& file) {
  const auto reference = stb_decoded(file);
  const auto picture = fast_backend().decode(file, Limits{});
  if (!picture) {
    EXPECT_FALSE(reference) << picture.error().message;
    if (!reference) {
      EXPECT_EQ(picture.error().message, reference.error().message);
    }
    return tl::unexpected(picture.error());
  }
  EXPECT_TRUE(reference) << reference.error().message;
  if (reference) {
    EXPECT_EQ(picture->frame->size(), (*reference)->size());
    EXPECT_EQ(picture->frame->layout(), (*reference)->layout());
    EXPECT_TRUE(std::ranges::equal(picture->frame->samples(), (*reference)->samples()));
  }
  return picture->frame;
}

}  // namespace darkroom::imaging::testing
