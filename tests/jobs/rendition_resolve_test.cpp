#include "jobs/rendition_resolve.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace darkroom::jobs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

OutputFormat resolved(OutputFormat format, bool alpha) {
  std::vector<RenditionSpec> renditions{{.name = "x", .format = format}};
  resolve_formats(renditions, alpha);
  return renditions[0].format;
}

TEST(RenditionResolve, MakesAutoWebpWhereThereCanBeTransparencyElseJpeg) {
  EXPECT_EQ(resolved(OutputFormat::automatic, true), OutputFormat::webp);
  EXPECT_EQ(resolved(OutputFormat::automatic, false), OutputFormat::jpeg);
}

TEST(RenditionResolve, LeavesAFormatThatIsNamed) {
  for (const bool alpha : {false, true}) {
    EXPECT_EQ(resolved(OutputFormat::png, alpha), OutputFormat::png);
    EXPECT_EQ(resolved(OutputFormat::jpeg, alpha), OutputFormat::jpeg);
  }
}

TEST(RenditionResolve, FillsInWatermarksByName) {
  const std::vector<Watermark> known{{.name = "logo", .image = "/logo.png"},
                                     {.name = "draft", .image = "/draft.png", .opacity = 0.2}};
  std::vector<RenditionSpec> renditions{
      {.name = "plain"}, {.name = "marked", .watermark = Watermark{.name = "draft", .image = ""}}};
  EXPECT_THAT(resolve_watermarks(renditions, known), IsEmpty());
  EXPECT_EQ(renditions[0].watermark, std::nullopt);
  EXPECT_EQ(renditions[1].watermark, known[1]);
}

TEST(RenditionResolve, NamesTheWatermarksThereAre) {
  std::vector<RenditionSpec> renditions{
      {.name = "a", .watermark = Watermark{.name = "lgo", .image = ""}}};
  EXPECT_THAT(resolve_watermarks(renditions, {}),
              ElementsAre("rendition \"a\": there is no watermark \"lgo\"; the configuration has "
                          "none"));
  const std::vector<Watermark> known{{.name = "logo", .image = "/l"}, {.name = "b", .image = "/b"}};
  EXPECT_THAT(resolve_watermarks(renditions, known),
              ElementsAre("rendition \"a\": there is no watermark \"lgo\"; there are: logo, b"));
}

/// A path that came in from outside must never survive: only the operator's counts.
TEST(RenditionResolve, TakesThePathFromTheOperatorAlone) {
  const std::vector<Watermark> known{{.name = "logo", .image = "/logo.png"}};
  std::vector<RenditionSpec> renditions{
      {.name = "a", .watermark = Watermark{.name = "logo", .image = "/etc/passwd"}}};
  EXPECT_THAT(resolve_watermarks(renditions, known), IsEmpty());
  EXPECT_EQ(renditions[0].watermark->image, "/logo.png");
}

}  // namespace
}  // namespace darkroom::jobs
