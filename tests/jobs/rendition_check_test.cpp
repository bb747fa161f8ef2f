#include "jobs/rendition_check.hpp"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace darkroom::jobs {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const RenditionSpec sound{.name = "small",
                          .operation = Operation::resize,
                          .width = 64,
                          .height = 48,
                          .folder = "resized"};

/// A sound rendition with one thing changed.
template <class Change>
std::vector<std::string> faults_with(const Change& change) {
  RenditionSpec spec = sound;
  change(spec);
  return rendition_faults(spec);
}

TEST(RenditionCheck, FindsNothingWrongWithTheDefaults) {
  EXPECT_THAT(rendition_faults(sound), IsEmpty());
  EXPECT_THAT(rendition_list_faults(default_preset().renditions), IsEmpty());
}

TEST(RenditionCheck, TakesEveryFormatWithItsOptions) {
  using enum OutputFormat;
  for (const auto format : {jpeg, png, webp, avif, automatic}) {
    EXPECT_THAT(faults_with([=](auto& s) { s.format = format; }), IsEmpty());
  }
  EXPECT_THAT(faults_with([](auto& s) { s.progressive = true; }), IsEmpty());
  EXPECT_THAT(faults_with([](auto& s) {
                s.format = webp;
                s.lossless = true;
                s.effort = 9;
              }),
              IsEmpty());
  EXPECT_THAT(faults_with([](auto& s) {
                s.format = avif;
                s.subsampling = ChromaSubsampling::s444;
                s.max_bytes = 10'000;
              }),
              IsEmpty());
  EXPECT_THAT(faults_with([](auto& s) {
                s.format = automatic;
                s.progressive = true;
                s.effort = 0;
                s.max_bytes = 10'000;
              }),
              IsEmpty());
}

TEST(RenditionCheck, WantsNamesThatCanBeFileNames) {
  EXPECT_THAT(faults_with([](auto& s) { s.name = "a b"; }),
              ElementsAre("the rendition name \"a b\" must be 1 to 64 lower-case letters, digits, "
                          "'-' and '_'"));
  for (const char* folder : {"", "..", "a/b", "Upper", "originals"}) {
    EXPECT_THAT(faults_with([=](auto& s) { s.folder = folder; }), ElementsAre(HasSubstr("folder")))
        << folder;
  }
}

TEST(RenditionCheck, WantsABoxWhereThereIsSomethingToFit) {
  for (const auto operation : {Operation::resize, Operation::thumbnail}) {
    EXPECT_THAT(faults_with([=](auto& s) {
                  s.operation = operation;
                  s.width = s.height = 0;
                }),
                ElementsAre("rendition \"small\": " + std::string{to_string(operation)} +
                            " needs a width, a height or both"));
  }
  for (const auto fit : {Fit::cover, Fit::fill, Fit::pad}) {
    EXPECT_THAT(faults_with([=](auto& s) { s.fit = fit; }), IsEmpty());
    EXPECT_THAT(faults_with([=](auto& s) {
                  s.fit = fit;
                  s.height = 0;
                }),
                ElementsAre("rendition \"small\": fit " + std::string{to_string(fit)} +
                            " needs both a width and a height"));
  }
  EXPECT_THAT(faults_with([](auto& s) {
                s.operation = Operation::compress;
                s.width = s.height = 0;
                s.enlarge = true;
              }),
              ElementsAre(HasSubstr("enlarge needs a width")));
}

TEST(RenditionCheck, WantsABoxThatTheFormatCanHold) {
  EXPECT_THAT(faults_with([](auto& s) { s.width = 16'384; }), IsEmpty());
  EXPECT_THAT(faults_with([](auto& s) {
                s.width = 16'384;
                s.format = OutputFormat::webp;
              }),
              ElementsAre(HasSubstr("WebP file must be at most 16383 pixels, not 16384")));
  EXPECT_THAT(faults_with([](auto& s) { s.width = 65'500; }), IsEmpty());
  EXPECT_THAT(faults_with([](auto& s) { s.width = 65'501; }),
              ElementsAre(HasSubstr("JPEG file must be at most 65500 pixels, not 65501")));
  EXPECT_THAT(faults_with([](auto& s) {
                s.width = 65'535;
                s.format = OutputFormat::png;
              }),
              IsEmpty());
  EXPECT_THAT(faults_with([](auto& s) { s.height = 65'536; }),
              ElementsAre(HasSubstr("at most 65535 pixels, not 65536")));
}

TEST(RenditionCheck, WantsGravityAndFocusOnlyWhereTheyChangeSomething) {
  EXPECT_THAT(faults_with([](auto& s) { s.gravity = Gravity::north; }),
              ElementsAre("rendition \"small\": gravity needs fit cover or pad; with inside it has "
                          "no effect"));
  EXPECT_THAT(faults_with([](auto& s) {
                s.fit = Fit::pad;
                s.gravity = Gravity::north;
              }),
              IsEmpty());
  EXPECT_THAT(faults_with([](auto& s) {
                s.fit = Fit::pad;
                s.gravity = Gravity::smart;
              }),
              ElementsAre(HasSubstr("gravity smart needs fit cover")));
  EXPECT_THAT(faults_with([](auto& s) {
                s.focus = FocalPoint{0.3, 0.7};
              }),
              ElementsAre(HasSubstr("focus needs fit cover")));
  const auto cover = [](double x, Gravity gravity) {
    return [=](RenditionSpec& s) {
      s.fit = Fit::cover;
      s.focus = FocalPoint{x, 1};
      s.gravity = gravity;
    };
  };
  EXPECT_THAT(faults_with(cover(0, Gravity::centre)), IsEmpty());
  EXPECT_THAT(faults_with(cover(0, Gravity::smart)),
              ElementsAre(HasSubstr("focus and gravity smart contradict each other")));
  for (const double x : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_THAT(faults_with(cover(x, Gravity::centre)),
                ElementsAre(HasSubstr("focus must be two numbers from 0 to 1")));
  }
}

TEST(RenditionCheck, WantsOptionsThatTheFormatHas) {
  using enum OutputFormat;
  EXPECT_THAT(faults_with([](auto& s) { s.lossless = true; }),
              ElementsAre("rendition \"small\": lossless needs format webp, not jpeg"));
  EXPECT_THAT(faults_with([](auto& s) {
                s.format = automatic;
                s.lossless = true;
              }),
              ElementsAre(HasSubstr("lossless needs format webp, not auto")));
  EXPECT_THAT(faults_with([](auto& s) {
                s.format = png;
                s.progressive = true;
              }),
              ElementsAre(HasSubstr("progressive needs format jpeg, not png")));
  EXPECT_THAT(faults_with([](auto& s) {
                s.format = webp;
                s.subsampling = ChromaSubsampling::s444;
              }),
              ElementsAre(HasSubstr("subsampling needs format jpeg or avif; webp has no choice")));
  EXPECT_THAT(faults_with([](auto& s) { s.effort = 5; }), ElementsAre(HasSubstr("effort needs")));
}

TEST(RenditionCheck, WantsAMaximumSizeOnlyWhereQualityCanGive) {
  EXPECT_THAT(faults_with([](auto& s) { s.max_bytes = 1; }), IsEmpty());
  EXPECT_THAT(faults_with([](auto& s) {
                s.format = OutputFormat::png;
                s.max_bytes = 1;
              }),
              ElementsAre(HasSubstr("max_bytes needs a format with a quality to lower")));
  EXPECT_THAT(faults_with([](auto& s) {
                s.format = OutputFormat::webp;
                s.lossless = true;
                s.max_bytes = 1;
              }),
              ElementsAre(HasSubstr("max_bytes and lossless contradict each other")));
}

TEST(RenditionCheck, KeepsNumbersInTheirBounds) {
  for (const int quality : {0, 101, -5}) {
    EXPECT_THAT(faults_with([=](auto& s) { s.quality = quality; }),
                ElementsAre("rendition \"small\": quality must be from 1 to 100, not " +
                            std::to_string(quality)));
  }
  EXPECT_THAT(faults_with([](auto& s) { s.effort = 10; }),
              ElementsAre(HasSubstr("effort must be from 0 to 9, not 10")));
  for (const double sharpen : {-0.5, 4.5, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_THAT(faults_with([=](auto& s) { s.sharpen = sharpen; }),
                ElementsAre(HasSubstr("sharpen must be from 0 to 4")));
  }
}

TEST(RenditionCheck, TellsEverythingThatIsWrong) {
  EXPECT_THAT(faults_with([](auto& s) {
                s.quality = 0;
                s.fit = Fit::cover;
                s.width = 0;
              }),
              testing::SizeIs(2));
}

TEST(RenditionCheck, WantsAFewRenditionsOfDifferentNames) {
  EXPECT_THAT(rendition_list_faults({}), ElementsAre("must have 1 to 32 renditions, not 0"));
  const std::vector three{sound, sound, sound};
  EXPECT_THAT(
      rendition_list_faults(three, 2),
      ElementsAre("must have 1 to 2 renditions, not 3", "there are two renditions called \"small\"",
                  "there are two renditions called \"small\""));
}

TEST(RenditionCheck, WantsWatermarksThatCanBeSeen) {
  const Watermark logo{.name = "logo", .image = "/logo.png"};
  EXPECT_THAT(watermark_faults(logo), IsEmpty());
  Watermark wrong = logo;
  wrong.name = "The Logo";
  wrong.position = Gravity::smart;
  wrong.opacity = 0;
  wrong.scale = 1.5;
  EXPECT_THAT(watermark_faults(wrong),
              ElementsAre(HasSubstr("the watermark name \"The Logo\" must be"),
                          HasSubstr("position smart"), HasSubstr("opacity must be above 0"),
                          HasSubstr("scale must be above 0 and at most 1, not 1.5")));
  EXPECT_THAT(faults_with([](auto& s) { s.watermark = Watermark{.name = "../x", .image = ""}; }),
              ElementsAre(HasSubstr("the watermark \"../x\" must be")));
}

}  // namespace
}  // namespace darkroom::jobs
