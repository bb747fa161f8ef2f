#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "imaging/pipeline.hpp"
#include "imaging/plan.hpp"
#include "tests/imaging/pixels/pictures.hpp"
#include "tests/imaging/pixels/reference_resample.hpp"
#include "tests/imaging/pixels/similarity.hpp"
#include "tests/imaging/sample_frames.hpp"

// The whole way from an original's bytes to a rendition's, against a reference that takes no short
// cut: decoded in full by stb, resampled from there with Lanczos3 in double precision.

namespace darkroom::imaging {
namespace {

using namespace testing;
using jobs::OutputFormat;

constexpr double like_a_photograph = 0.99;
constexpr double like_hard_edges = 0.97;

struct Original {
  std::string name;
  EncodedImage file;
  FramePtr decoded;  ///< By the reference, or before it was encoded where that is lossless.
  double likeness;
};

EncodedImage encoded(const Frame& frame, const EncodeOptions& options) {
  return fast_backend().encode(frame, options).value();
}

/// Letters' worth of edges: bars and rings of several widths, black and coloured on white.
FramePtr hard_edges(Size size) {
  std::vector<std::uint8_t> samples;
  for (std::uint32_t y = 0; y < size.height; ++y) {
    for (std::uint32_t x = 0; x < size.width; ++x) {
      const double radius = std::hypot(x - size.width * 0.7, y - size.height * 0.6);
      const bool ring = std::fmod(radius, 60) < 17 && radius < 200;
      const bool bar = x < size.width * 0.4 && (x + y / 3) % 50 < 13;
      const Colour colour = ring ? red : bar ? Colour{0, 0, 0} : Colour{255, 255, 255};
      samples.insert(samples.end(), colour.begin(), colour.end());
    }
  }
  return std::make_shared<const Frame>(size.width, size.height, PixelLayout::rgb, samples);
}

constexpr Size original_size{681, 556};  // A quarter of 2725x2225.

std::vector<Original> originals() {
  const FramePtr photograph = photo(original_size, PixelLayout::rgb);
  const FramePtr edges = hard_edges(original_size);
  std::vector<Original> all;
  const auto add = [&](const std::string& name, const Frame& frame, const EncodeOptions& options,
                       double likeness) {
    auto file = encoded(frame, options);
    FramePtr decoded = stb_decoded(file).value();
    all.push_back({name, std::move(file), std::move(decoded), likeness});
  };
  using jobs::ChromaSubsampling;
  add("JPEG 4:2:0", *photograph, {.quality = 92, .subsampling = ChromaSubsampling::s420},
      like_a_photograph);
  add("JPEG 4:2:2", *photograph, {.quality = 92, .subsampling = ChromaSubsampling::s422},
      like_a_photograph);
  add("JPEG 4:4:4", *photograph, {.quality = 92, .subsampling = ChromaSubsampling::s444},
      like_a_photograph);
  add("progressive JPEG", *photograph, {.quality = 92, .progressive = true}, like_a_photograph);
  add("grey JPEG", *photo(original_size, PixelLayout::grey), {.quality = 92}, like_a_photograph);
  add("PNG", *photograph, {.format = OutputFormat::png, .effort = 0}, like_a_photograph);
  add("JPEG of edges", *edges, {.quality = 95}, like_hard_edges);
  add("PNG of edges", *edges, {.format = OutputFormat::png, .effort = 0}, like_hard_edges);
  // stb reads no WebP; what was encoded without loss is known anyway.
  all.push_back(
      {"WebP", encoded(*photograph, {.format = OutputFormat::webp, .lossless = true, .effort = 0}),
       photograph, like_a_photograph});
  return all;
}

FramePtr reference(const Frame& original, Size size) {
  const Region all{0, 0, static_cast<double>(original.width()),
                   static_cast<double>(original.height())};
  return std::make_shared<const Frame>(original.layout(),
                                       reference_resample(original.plane(0), all, size));
}

/// The default preset at a quarter of its size, as the originals are.
std::vector<jobs::RenditionSpec> small_preset(OutputFormat format) {
  auto specs = jobs::default_preset().renditions;
  for (auto& spec : specs) {
    spec.width /= 4;
    spec.height /= 4;
    spec.format = format;
  }
  return specs;
}

/// Each rendition, and what the reference makes in its place.
void expect_like_reference(const Original& original, const std::vector<jobs::RenditionSpec>& specs,
                           double likeness) {
  const auto result = run_pipeline(fast_backend(), original.file, Limits{}, specs);
  ASSERT_TRUE(result) << result.error().message;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    SCOPED_TRACE(original.name + ", " + specs[i].name);
    const auto& rendition = result->renditions[i];
    ASSERT_TRUE(rendition) << rendition.error().message;
    const FramePtr made = stb_decoded(rendition->file).value();
    FramePtr wanted = rendition->size == original.decoded->size()
                          ? original.decoded
                          : reference(*original.decoded, rendition->size);
    // A JPEG is compared with the reference as a JPEG of that quality: what quality costs is the
    // user's choice.
    if (specs[i].format == OutputFormat::jpeg) {
      wanted = stb_decoded(jpeg_of(*wanted, specs[i].quality)).value();
    }
    EXPECT_GE(ssim(*made, *wanted), likeness);
    ASSERT_EQ(made->layout(), wanted->layout());
    EXPECT_LE(std::abs(mean_shift(made->plane(0), wanted->plane(0))), 1);
  }
}

TEST(Golden, ResizedAndThumbnailAreLikeTheReference) {
  for (const Original& original : originals()) {
    auto specs = small_preset(OutputFormat::png);
    std::erase_if(specs, [](const auto& spec) { return spec.width == 0; });
    expect_like_reference(original, specs, original.likeness);
  }
}

TEST(Golden, TheDefaultPresetIsLikeTheReferenceAtItsQuality) {
  const auto all = originals();
  // Where two pictures differ by one level here and there, their quantised frequencies differ by a
  // whole step in places: hence the lower bound.
  constexpr double likeness_of_jpegs = 0.98;
  expect_like_reference(all.front(), small_preset(OutputFormat::jpeg), likeness_of_jpegs);
}

TEST(Golden, ReducedDecodingIsLikeTheReference) {
  for (const Original& original : originals()) {
    if (original.name != "JPEG 4:2:0" && original.name != "JPEG of edges") continue;
    // Each alone, so that JPEGs are decoded at 1/2, 1/4 and 1/8 of their size.
    for (const std::uint32_t side : {270U, 135U, 65U}) {
      const jobs::RenditionSpec spec{.name = "reduced to " + std::to_string(side),
                                     .operation = jobs::Operation::thumbnail,
                                     .width = side,
                                     .height = side,
                                     .format = OutputFormat::png};
      expect_like_reference(original, {spec}, original.likeness);
    }
  }
}

}  // namespace
}  // namespace darkroom::imaging
