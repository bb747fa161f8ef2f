#include "imaging/stand_in.hpp"

#include <gtest/gtest.h>

#include "tests/imaging/sample_frames.hpp"

// What blurhash and colour say is tested in pixels/; here, of which pixels they are taken.

namespace darkroom::imaging {
namespace {

/// Notes what it is asked to resample.
class Recorder final : public Backend {
 public:
  tl::expected<Picture, Error> decode(std::span<const std::byte> bytes, const Limits& limits,
                                      const DecodeRequest& request) const override {
    return fast_backend().decode(bytes, limits, request);
  }
  tl::expected<FramePtr, Error> resample(const Frame& frame, const Region& region, Size size,
                                         bool linear_light) const override {
    asked = region;
    made = size;
    if (fails) return tl::unexpected(Error{ErrorCode::out_of_memory, "No memory."});
    return fast_backend().resample(frame, region, size, linear_light);
  }
  tl::expected<EncodedImage, Error> encode(const Frame& frame,
                                           const EncodeOptions& options) const override {
    return fast_backend().encode(frame, options);
  }

  bool fails = false;
  mutable Region asked;
  mutable Size made;
};

TEST(StandIn, IsMadeOfAtMost64PixelsASide) {
  const Recorder backend;
  const auto stand_in = stand_in_for(backend, picture_of(testing::quadrants(400, 200)));
  ASSERT_TRUE(stand_in) << stand_in.error().message;
  EXPECT_EQ(stand_in->blurhash.size(), 28U);
  EXPECT_EQ(stand_in->blurhash.front(), 'L');  // 4 x 3 components.
  EXPECT_EQ(backend.made, (Size{64, 32}));

  ASSERT_TRUE(stand_in_for(backend, picture_of(testing::quadrants(6, 9))));
  EXPECT_EQ(backend.made, (Size{6, 9}));
  ASSERT_TRUE(stand_in_for(backend, picture_of(testing::quadrants(1, 1))));
  EXPECT_EQ(backend.made, (Size{1, 1}));
}

TEST(StandIn, LeavesOutWhatHangsOverThePicture) {
  const Recorder backend;
  Picture picture = picture_of(testing::quadrants(200, 100));
  picture.size = {399, 199};
  picture.extent = {0, 0, 199.5, 99.5};
  ASSERT_TRUE(stand_in_for(backend, picture));
  EXPECT_EQ(backend.asked, picture.extent);
}

TEST(StandIn, OfAPlainPictureIsItsColour) {
  const auto frame = testing::plain(300, 200, PixelLayout::rgb, {51, 102, 153});
  const auto stand_in = stand_in_for(fast_backend(), picture_of(frame));
  ASSERT_TRUE(stand_in) << stand_in.error().message;
  EXPECT_EQ(stand_in->dominant_colour, (jobs::Colour{51, 102, 153}));
}

TEST(StandIn, PassesOnWhyThePixelsCannotBeHad) {
  Recorder backend;
  backend.fails = true;
  const auto stand_in = stand_in_for(backend, picture_of(testing::quadrants(4, 4)));
  ASSERT_FALSE(stand_in);
  EXPECT_EQ(stand_in.error().code, ErrorCode::out_of_memory);
}

}  // namespace
}  // namespace darkroom::imaging
