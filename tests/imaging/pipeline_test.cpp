#include "imaging/pipeline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/plan.hpp"
#include "tests/imaging/sample_files.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;

/// The default preset at a quarter of its size.
std::vector<jobs::RenditionSpec> small_preset() {
  auto specs = jobs::default_preset().renditions;
  for (auto& spec : specs) {
    spec.width /= 4;
    spec.height /= 4;
  }
  return specs;
}

/// Mean of the source pixels under each target pixel: a plain way to shrink a picture.
FramePtr box_filtered(const Frame& frame, std::uint32_t width, std::uint32_t height) {
  std::vector<std::uint8_t> samples;
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      for (std::size_t c = 0; c < 3; ++c) {
        std::uint32_t sum = 0;
        std::uint32_t count = 0;
        for (std::uint32_t sy = y * frame.height() / height; sy < (y + 1) * frame.height() / height;
             ++sy) {
          for (std::uint32_t sx = x * frame.width() / width; sx < (x + 1) * frame.width() / width;
               ++sx, ++count) {
            sum += pixel(frame, sx, sy)[c];
          }
        }
        samples.push_back(static_cast<std::uint8_t>(sum / count));
      }
    }
  }
  return std::make_shared<const Frame>(width, height, PixelLayout::rgb, samples);
}

TEST(Pipeline, MakesTheRightSizesAndTheRightPicture) {
  const FramePtr original = picture(681, 556);  // A quarter of 2725x2225.
  const auto result = run_pipeline(stb_backend(), jpeg_of(*original, 95), Limits{}, small_preset());
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->info.width, 681U);
  const std::vector<Size> sizes{{256, 209}, {681, 556}, {75, 61}};
  ASSERT_EQ(result->renditions.size(), sizes.size());
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const auto& rendition = result->renditions[i];
    ASSERT_TRUE(rendition) << rendition.error().message;
    const auto frame = stb_decoded(rendition->file, Limits{});
    ASSERT_TRUE(frame) << frame.error().message;
    ASSERT_EQ((*frame)->width(), sizes[i].width);
    ASSERT_EQ((*frame)->height(), sizes[i].height);
    const FramePtr expected = box_filtered(*original, sizes[i].width, sizes[i].height);
    EXPECT_LT(mean_difference(**frame, *expected), 3.0) << "rendition " << i;
  }
}

TEST(Pipeline, TurnsThePictureUprightFirst) {
  const auto file = with_exif(jpeg_of(*quadrants(200, 100)), 6);
  const auto specs = small_preset();
  const auto result = run_pipeline(stb_backend(), file, Limits{}, specs);
  ASSERT_TRUE(result);
  const auto thumbnail = stb_decoded(result->renditions[2]->file, Limits{});
  ASSERT_TRUE(thumbnail);
  EXPECT_EQ((*thumbnail)->width(), 38U);
  EXPECT_EQ((*thumbnail)->height(), 75U);
  EXPECT_LE(distance(colour_at(**thumbnail, 30, 10), red), 16);
}

TEST(Pipeline, EqualsItsStepsDoneByHand) {
  const auto file = jpeg_of(*picture(681, 556));
  const auto specs = small_preset();
  const auto result = run_pipeline(stb_backend(), file, Limits{}, specs);
  ASSERT_TRUE(result);

  const auto original =
      std::make_shared<const Picture>(stb_backend().decode(file, Limits{}).value());
  std::vector<RenderedImage> made(specs.size());
  for (const PlanStep& step : plan_renditions(probe(file, Limits{}).value(), specs).steps) {
    const Source source{.picture = step.source ? made[*step.source].picture : original,
                        .watermark = {}};
    made[step.rendition] = render(stb_backend(), source, specs[step.rendition]).value();
    EXPECT_EQ(made[step.rendition].file, result->renditions[step.rendition]->file);
  }
}

/// However little else needs of the pixels, a JPEG that is only compressed keeps all its detail.
TEST(Pipeline, ACompressedJpegKeepsItsDetailWhateverStandsBesideIt) {
  const jobs::RenditionSpec compress{
      .name = "compressed", .operation = jobs::Operation::compress, .quality = 85};
  const jobs::RenditionSpec tiny{
      .name = "tiny", .operation = jobs::Operation::thumbnail, .width = 20, .height = 20};
  for (const auto layout : {PixelLayout::rgb, PixelLayout::grey}) {
    for (const auto subsampling : {jobs::ChromaSubsampling::s420, jobs::ChromaSubsampling::s444}) {
      for (const bool progressive : {false, true}) {
        const auto file = fast_backend().encode(
            *picture(403, 309, layout),
            {.quality = 95, .progressive = progressive, .subsampling = subsampling});
        ASSERT_TRUE(file);
        const FramePtr original = stb_decoded(*file).value();
        for (const auto& specs : {std::vector{compress}, std::vector{compress, tiny}}) {
          const auto result = run_pipeline(fast_backend(), *file, Limits{}, specs);
          ASSERT_TRUE(result) << result.error().message;
          ASSERT_TRUE(result->renditions[0]) << result->renditions[0].error().message;
          const FramePtr made = stb_decoded(result->renditions[0]->file).value();
          EXPECT_LT(mean_difference(*made, *original), 2.5);
        }
      }
    }
  }
}

TEST(Pipeline, AJpegOfFullChromaFitsIntoFewBytesToo) {
  for (const auto subsampling : {jobs::ChromaSubsampling::s422, jobs::ChromaSubsampling::s444}) {
    const auto file =
        fast_backend().encode(*picture(403, 309), {.quality = 97, .subsampling = subsampling});
    ASSERT_TRUE(file);
    const std::vector<jobs::RenditionSpec> specs{
        {.name = "c",
         .operation = jobs::Operation::compress,
         .quality = 95,
         .max_bytes = file->size() / 4},
        {.name = "r", .operation = jobs::Operation::resize, .width = 200}};
    const auto result = run_pipeline(fast_backend(), *file, Limits{}, specs);
    ASSERT_TRUE(result) << result.error().message;
    ASSERT_TRUE(result->renditions[0]) << result->renditions[0].error().message;
    EXPECT_LE(result->renditions[0]->file.size(), file->size() / 4);
  }
}

TEST(Pipeline, LetsGoOfItsPictures) {
  const auto result =
      run_pipeline(stb_backend(), jpeg_of(*picture(681, 556)), Limits{}, small_preset());
  ASSERT_TRUE(result);
  for (const auto& rendition : result->renditions)
    EXPECT_EQ(rendition->picture, nullptr);
}

/// Counts the frames that are alive when an operation begins.
class WatchfulBackend final : public Backend {
 public:
  tl::expected<Picture, Error> decode(std::span<const std::byte> bytes, const Limits& limits,
                                      const DecodeRequest& request) const override {
    auto picture = stb_backend().decode(bytes, limits, request);
    if (picture) frames_.emplace_back(picture->frame);
    return picture;
  }
  tl::expected<FramePtr, Error> resample(const Frame& frame, const Region& region, Size size,
                                         bool linear_light) const override {
    auto resampled = stb_backend().resample(frame, region, size, linear_light);
    if (resampled) frames_.emplace_back(*resampled);
    return resampled;
  }
  tl::expected<EncodedImage, Error> encode(const Frame& frame,
                                           const EncodeOptions& options) const override {
    const auto alive = std::count_if(frames_.begin(), frames_.end(),
                                     [](const auto& weak) { return !weak.expired(); });
    most_at_once_ = std::max<std::ptrdiff_t>(most_at_once_, alive);
    alive_at_last_ = alive;
    return stb_backend().encode(frame, options);
  }

  [[nodiscard]] std::ptrdiff_t most_at_once() const { return most_at_once_; }
  [[nodiscard]] std::ptrdiff_t alive_at_last() const { return alive_at_last_; }

 private:
  mutable std::vector<std::weak_ptr<const Frame>> frames_;
  mutable std::ptrdiff_t most_at_once_ = 0;
  mutable std::ptrdiff_t alive_at_last_ = 0;
};

TEST(Pipeline, HoldsNoMorePixelsThanTheStepsNeed) {
  const WatchfulBackend backend;
  ASSERT_TRUE(run_pipeline(backend, jpeg_of(*picture(681, 556)), Limits{}, small_preset()));
  EXPECT_EQ(backend.most_at_once(), 2);   // The original and the resized picture.
  EXPECT_EQ(backend.alive_at_last(), 2);  // The resized picture and the thumbnail.
}

TEST(Pipeline, ARenditionThatFailsDoesNotStopTheOthers) {
  auto specs = small_preset();
  specs[0].quality = 0;
  const auto result = run_pipeline(stb_backend(), jpeg_of(*picture(681, 556)), Limits{}, specs);
  ASSERT_TRUE(result);
  EXPECT_FALSE(result->renditions[0]);
  EXPECT_TRUE(result->renditions[1]);
  ASSERT_FALSE(result->renditions[2]);  // It was to be made from the first.
  EXPECT_EQ(result->renditions[2].error().code, ErrorCode::encode_failed);
}

TEST(Pipeline, APictureThatCannotBeUsedIsOneError) {
  const auto result = run_pipeline(stb_backend(), bytes_of("no picture"), Limits{}, small_preset());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::not_an_image);
}

}  // namespace
}  // namespace darkroom::imaging
