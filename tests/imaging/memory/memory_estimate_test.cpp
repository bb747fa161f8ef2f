#include "imaging/memory_estimate.hpp"

#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/pipeline.hpp"
#include "imaging/plan.hpp"
#include "tests/imaging/heif/heif_samples.hpp"
#include "tests/imaging/jpeg/jpeg_samples.hpp"
#include "tests/imaging/memory/allocation_meter.hpp"
#include "tests/imaging/sample_files.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;
using jobs::OutputFormat;
using jobs::RenditionSpec;

/// What no encoder can compress: the estimate is made for it.
FramePtr noise(std::uint32_t width, std::uint32_t height, PixelLayout layout = PixelLayout::rgb) {
  std::mt19937 random(7);
  std::vector<std::uint8_t> samples(std::size_t{width} * height * channels(layout));
  for (auto& sample : samples)
    sample = static_cast<std::uint8_t>(random());
  return std::make_shared<const Frame>(width, height, layout, samples);
}

/// The same with an alpha channel that says nothing, which is dropped.
FramePtr opaque_noise(std::uint32_t width, std::uint32_t height) {
  const FramePtr transparent = noise(width, height, PixelLayout::rgba);
  std::vector<std::uint8_t> samples(transparent->samples().begin(), transparent->samples().end());
  for (std::size_t i = 3; i < samples.size(); i += 4)
    samples[i] = 255;
  return std::make_shared<const Frame>(width, height, PixelLayout::rgba, samples);
}

EncodedImage fast_png(const Frame& frame) {
  EncodeOptions options{.format = OutputFormat::png};
  options.effort = 0;
  return fast_backend().encode(frame, options).value();
}

EncodedImage webp_of(const Frame& frame, bool lossless) {
  EncodeOptions options{.format = OutputFormat::webp};
  options.lossless = lossless;
  options.effort = 1;
  return fast_backend().encode(frame, options).value();
}

struct Case {
  std::string name;
  std::function<EncodedImage()> file;
  std::vector<RenditionSpec> specs;
  bool tight = true;  ///< Hard to compress, so that the estimate is to be within 20 %.
  bool reference = false;
};

void PrintTo(const Case& value, std::ostream* out) {
  *out << value.name;
}

std::vector<RenditionSpec> small() {
  return {
      {.name = "thumbnail", .operation = jobs::Operation::thumbnail, .width = 100, .height = 100}};
}

std::vector<RenditionSpec> full(OutputFormat format, int quality = 82, int effort = 1) {
  RenditionSpec spec{.name = "full", .quality = quality, .format = format};
  spec.effort = effort;
  return {spec};
}

RenditionSpec with(RenditionSpec spec, const std::function<void(RenditionSpec&)>& change) {
  change(spec);
  return spec;
}

constexpr std::uint32_t width = 1'501;
constexpr std::uint32_t height = 1'203;

std::vector<Case> decoding_cases() {
  const auto jpeg = [](SampleJpeg kind) {
    return [kind] { return make_jpeg(*picture(width, height), kind); };
  };
  const auto png = [](PixelLayout layout) {
    return [layout] { return fast_png(*noise(width, height, layout)); };
  };
  const auto half = std::vector<RenditionSpec>{{.name = "half", .width = 700, .height = 700}};
  return {
      {"jpeg_420", jpeg({.subsampling = {2, 2}}), small()},
      {"jpeg_420_half", jpeg({.subsampling = {2, 2}}), half},
      {"jpeg_444_half", jpeg({}), half},
      {"jpeg_progressive", jpeg({.subsampling = {2, 2}, .progressive = true}), small()},
      {"jpeg_separate_scans", jpeg({.separate_scans = true}), small()},
      {"jpeg_grey", jpeg({.colour = SampleColour::grey}), half},
      {"jpeg_cmyk", jpeg({.colour = SampleColour::cmyk}), half},
      {"jpeg_rgb", jpeg({.colour = SampleColour::rgb}), half},
      {"jpeg_turned",
       [] {
         return with_exif(make_jpeg(*picture(width, height), {.subsampling = {2, 1}}), 6);
       },
       full(OutputFormat::jpeg), false},
      {"default_preset", jpeg({.subsampling = {2, 2}}), jobs::default_preset().renditions, false},
      {"default_preset_444", jpeg({}), jobs::default_preset().renditions, false},
      {"default_preset_noise",
       [] {
         return make_jpeg(*noise(width, height), {.subsampling = {2, 2}});
       },
       jobs::default_preset().renditions},
      {"png_rgb", png(PixelLayout::rgb), small()},
      {"png_rgba", png(PixelLayout::rgba), small(), false},
      {"png_opaque", [] { return fast_png(*opaque_noise(width, height)); }, small()},
      {"png_grey", png(PixelLayout::grey), small()},
      {"png_16_bits",
       [] {
         return png_file(800, 600, 16, 2, std::vector<std::uint8_t>(std::size_t{600} * 4'801));
       },
       small()},
      {"png_palette",
       [] {
         return png_file(width, height, 8, 3, std::vector<std::uint8_t>(height * (width + 1)),
                         {1, 2, 3});
       },
       small()},
      {"webp_lossy", [] { return webp_of(*noise(width, height), false); }, small()},
      {"webp_lossy_alpha",
       [] { return webp_of(*picture(width, height, PixelLayout::rgba), false); }, small()},
      {"webp_lossless", [] { return webp_of(*noise(width, height), true); }, small()},
      {"webp_lossless_alpha",
       [] { return webp_of(*noise(width, height, PixelLayout::rgba), true); }, small()},
      {"avif_420", [] { return avif_of(*picture(width, height), 60); }, small()},
      {"avif_444", [] { return avif_of(*picture(width, height), 95); }, small()},
      {"avif_alpha", [] { return avif_of(*picture(width, height, PixelLayout::rgba), 60); },
       small(), false},
      {"heic", [] { return heic_of(*picture(480, 360)); }, small()},
      {"heic_odd", [] { return heic_of(*picture(481, 361)); }, small()},
      {"heic_noise", [] { return heic_of(*noise(480, 360)); }, small()},
      {"heic_10_bits", [] { return heic_of(*picture(480, 360), {.depth = 10}); }, small()},
      {"heic_turned",
       [] { return heic_of(*picture(480, 360), {.orientation = Orientation::rotated_90}); },
       small()},
      {"gif", [] { return gif_file(width, height); }, small()},
      {"bmp", [] { return bmp_of(*picture(width, height)); }, small()},
      {"tga", [] { return tga_of(*picture(width, height)); }, small()},
      {"psd", [] { return psd_of(*picture(width, height)); }, small()},
      {"ppm", [] { return ppm_of(*picture(width, height)); }, small()},
      {"hdr", [] { return hdr_file(width, height); }, small()},
      {"stb_jpeg", jpeg({}), small(), true, true},
      {"stb_progressive", jpeg({.progressive = true}), small(), false, true},
      {"stb_png", png(PixelLayout::rgba), small(), false, true},
      {"stb_default_preset", jpeg({}), jobs::default_preset().renditions, false, true},
  };
}

std::vector<Case> encoding_cases() {
  const auto rgb = [] { return fast_png(*noise(width, height)); };
  const auto rgba = [] { return fast_png(*noise(width, height, PixelLayout::rgba)); };
  const auto photo = [] { return make_jpeg(*picture(width, height), {.subsampling = {2, 2}}); };
  const auto less = [] { return fast_png(*noise(700, 500)); };
  const auto clear = [] { return fast_png(*noise(700, 500, PixelLayout::rgba)); };
  std::vector<Case> cases{
      {"to_jpeg", rgb, full(OutputFormat::jpeg)},
      {"to_jpeg_fine", rgb, full(OutputFormat::jpeg, 95)},
      {"to_jpeg_from_alpha", rgba, full(OutputFormat::jpeg), false},
      {"to_png", rgb, full(OutputFormat::png)},
      {"to_png_thorough", rgb, full(OutputFormat::png, 82, 9)},
      {"to_png_alpha", rgba, full(OutputFormat::png, 82, 4)},
      {"to_png_from_planes", photo, full(OutputFormat::png, 82, 4), false},
      {"to_webp", rgb, full(OutputFormat::webp)},
      {"to_webp_effort_4", rgb, full(OutputFormat::webp, 82, 4)},
      {"to_webp_best", rgb, full(OutputFormat::webp, 100, 4)},
      {"to_webp_photo", photo, full(OutputFormat::webp, 82, 4), false},
      {"to_webp_alpha", clear, full(OutputFormat::webp, 82, 4)},
      {"to_avif", less, full(OutputFormat::avif, 60, 1), false},
      {"to_avif_large", photo, full(OutputFormat::avif, 60, 1)},
      {"to_avif_effort_4", less, full(OutputFormat::avif, 60, 4), false},
      {"to_avif_large_effort_4", photo, full(OutputFormat::avif, 60, 4)},
      {"to_avif_alpha", clear, full(OutputFormat::avif, 60, 1), false},
  };
  for (const int effort : {0, 1, 2, 4, 7, 8}) {
    auto specs = full(OutputFormat::webp, 82, effort);
    specs[0].lossless = true;
    cases.push_back({"to_webp_lossless_" + std::to_string(effort), clear, specs});
    cases.push_back({"to_webp_lossless_photo_" + std::to_string(effort),
                     [] { return make_jpeg(*picture(700, 500)); }, specs, false});
  }
  // The slowest of all.
  auto slowest = full(OutputFormat::webp, 82, 9);
  slowest[0].lossless = true;
  cases.push_back({"to_webp_lossless_9",
                   [] { return fast_png(*noise(120, 100, PixelLayout::rgba)); }, slowest, false});
  // What codecs take whatever the size of the picture.
  const auto tiny = [] { return fast_png(*noise(250, 200, PixelLayout::rgba)); };
  for (const int effort : {0, 2, 4, 6}) {
    for (const OutputFormat format : {OutputFormat::webp, OutputFormat::avif, OutputFormat::png}) {
      auto specs = full(format, 82, effort);
      const auto end = "_" + std::to_string(effort);
      cases.push_back(
          {"tiny_to_" + std::string(jobs::to_string(format)) + end, tiny, specs, false});
      specs[0].lossless = true;
      if (format != OutputFormat::webp) continue;
      cases.push_back({"tiny_to_lossless_webp" + end, tiny, specs, false});
    }
  }
  const RenditionSpec box{.name = "box", .width = 900, .height = 900};
  const auto drawn = [&](const char* name, const std::function<void(RenditionSpec&)>& change) {
    cases.push_back({std::string("photo_") + name, photo, {with(box, change)}, false});
    cases.push_back({std::string("alpha_") + name, rgba, {with(box, change)}, false});
  };
  drawn("sharpen", [](auto& spec) { spec.sharpen = 1; });
  drawn("linear", [](auto& spec) { spec.linear_light = true; });
  drawn("pad", [](auto& spec) {
    spec.fit = jobs::Fit::pad;
    spec.background = {200, 10, 10};
  });
  drawn("smart", [](auto& spec) {
    spec.fit = jobs::Fit::cover;
    spec.gravity = jobs::Gravity::smart;
  });
  drawn("enlarge", [](auto& spec) {
    spec.width = spec.height = 3'000;
    spec.enlarge = true;
  });
  drawn("progressive", [](auto& spec) {
    spec.width = spec.height = 0;
    spec.progressive = true;
  });
  drawn("max_bytes", [](auto& spec) { spec.max_bytes = 100'000; });
  return cases;
}

class MemoryEstimateTest : public ::testing::TestWithParam<Case> {};

TEST_P(MemoryEstimateTest, IsNeverBelowWhatIsTakenAndCloseToIt) {
  const Case& tested = GetParam();
  const EncodedImage file = tested.file();
  const Backend& backend = tested.reference ? stb_backend() : fast_backend();
  const auto info = probe(file, no_limits);
  ASSERT_TRUE(info) << info.error().message;
  const auto estimate =
      estimate_memory(*info, plan_renditions(*info, tested.specs), tested.specs, backend);

  const AllocationMeter meter;
  const auto result = run_pipeline(backend, file, no_limits, tested.specs);
  const auto peak = static_cast<double>(meter.peak());
  ASSERT_TRUE(result) << result.error().message;
  for (const auto& rendition : result->renditions)
    ASSERT_TRUE(rendition || tested.specs[0].max_bytes > 0);

  const auto estimated = static_cast<double>(estimate.in_turn);
  RecordProperty("percent", static_cast<int>(estimated / peak * 100));
  RecordProperty("peak", static_cast<int>(peak));
  EXPECT_GE(estimated, peak);
  EXPECT_GE(estimate.at_once, estimate.in_turn);
  constexpr double small_things = 1'000'000;
  if (tested.tight) {
    EXPECT_LE(estimated, peak * 1.2 + small_things);
  }
}

std::string name_of(const ::testing::TestParamInfo<Case>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Decoding, MemoryEstimateTest, ::testing::ValuesIn(decoding_cases()),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Encoding, MemoryEstimateTest, ::testing::ValuesIn(encoding_cases()),
                         name_of);

TEST(MemoryLimit, IsToldWithTheFigures) {
  ImageInfo info;
  info.width = 12'000;
  info.height = 8'000;
  const std::uint64_t gib = std::uint64_t{1} << 30U;
  EXPECT_TRUE(check_memory(info, 2, gib, gib));
  const auto refused = check_memory(info, 2, gib + 1, gib);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::too_much_memory);
  EXPECT_THAT(refused.error().message,
              ::testing::HasSubstr("making 2 renditions of 12000x8000 pixels needs about 1025 MiB; "
                                   "1024 MiB are allowed (imaging.max_memory)"));
}

}  // namespace
}  // namespace darkroom::imaging
