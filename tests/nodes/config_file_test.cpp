#include "nodes/config_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace darkroom::nodes {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

struct Outcome {
  EffectiveConfig effective;
  std::vector<std::string> problems;
};

Outcome read(std::string_view text) {
  Outcome outcome;
  std::vector<Problem> problems;
  apply_config_file(all_settings(), "config.toml", text, outcome.effective, problems);
  for (const Problem& problem : problems)
    outcome.problems.push_back(problem.line);
  return outcome;
}

TEST(ConfigFile, SetsWhatItSaysAndRemembersTheLine) {
  const Outcome outcome = read("[http]\nhost = \"::1\"\n\nport = 9000\n[jobs]\nttl = \"48h\"\n");
  EXPECT_THAT(outcome.problems, IsEmpty());
  EXPECT_EQ(outcome.effective.config.http.host, "::1");
  EXPECT_EQ(outcome.effective.config.http.port, 9'000);
  EXPECT_EQ(outcome.effective.config.registry.ttl, std::chrono::hours{48});
  EXPECT_EQ(outcome.effective.origin("http.port"), "config.toml:4");
  EXPECT_EQ(outcome.effective.origin("jobs.ttl"), "config.toml:6");
  EXPECT_EQ(outcome.effective.origin("http.max_upload"), "default");
}

TEST(ConfigFile, MayBeEmpty) {
  EXPECT_THAT(read("").problems, IsEmpty());
  EXPECT_THAT(read("# nothing\n").problems, IsEmpty());
}

TEST(ConfigFile, RefusesUnknownNamesWithTheNearestRightOne) {
  EXPECT_THAT(
      read("port = 1\n[http]\nprot = 1\n[htp]\nport = 1\n[retry]\nzzz = 1\n").problems,
      ElementsAre("config.toml:1: port: there is no such setting outside a section; did you mean "
                  "http.port?",
                  "config.toml:3: http.prot: there is no such setting; did you mean http.port?",
                  "config.toml:4: [htp]: there is no such section; did you mean [http]?",
                  "config.toml:7: retry.zzz: there is no such setting"));
}

TEST(ConfigFile, RefusesWrongTypes) {
  const std::string port = ": http.port: must be a whole number from 0 to 65535, not ";
  EXPECT_THAT(read("[http]\nport = \"80\"").problems,
              ElementsAre("config.toml:2" + port + "the text \"80\""));
  EXPECT_THAT(read("[http]\nport = true").problems, ElementsAre("config.toml:2" + port + "true"));
  EXPECT_THAT(read("[http]\nport = [1]").problems, ElementsAre("config.toml:2" + port + "a list"));
  EXPECT_THAT(read("[http.port]\nx = 1").problems, ElementsAre("config.toml:1" + port + "a table"));
  EXPECT_THAT(read("[http]\nport = 2026-11-21").problems,
              ElementsAre("config.toml:2" + port + "a date or time"));
  EXPECT_THAT(read("[http]\nport = 80.5").problems, ElementsAre("config.toml:2" + port + "80.5"));
  EXPECT_THAT(read("http = 1").problems,
              ElementsAre(StartsWith("config.toml:1: http: must be a table")));
}

TEST(ConfigFile, NotesEveryProblemInTheOrderOfTheLines) {
  const Outcome outcome = read(
      "[worker]\nslots = 0\n[http]\nport = 70000\nread_timeout = 30\n[log]\nlevel = \"loud\"\n");
  EXPECT_THAT(outcome.problems,
              ElementsAre(StartsWith("config.toml:2: worker.slots:"),
                          StartsWith("config.toml:4: http.port:"),
                          StartsWith("config.toml:5: http.read_timeout: lacks its unit"),
                          StartsWith("config.toml:7: log.level:")));
}

TEST(ConfigFile, TellsWhereTheSyntaxIsWrong) {
  EXPECT_THAT(read("[http]\nport = = 3\n").problems, ElementsAre(StartsWith("config.toml:2:8: ")));
  EXPECT_THAT(read("[http]\nport = 1\nport = 2\n").problems,
              ElementsAre(StartsWith("config.toml:3:")));
  EXPECT_THAT(read("\xff\xfe").problems, ElementsAre(StartsWith("config.toml:1:1: ")));
}

TEST(ConfigFile, AddsPresetsToTheBuiltInOne) {
  const Outcome outcome = read(
      "[[preset]]\nname = \"avatar\"\n"
      "renditions = [ { name = \"small\", operation = \"thumbnail\", width = 64 },\n"
      "  { name = \"web\", operation = \"compress\", format = \"png\", folder = \"web\" } ]\n");
  EXPECT_THAT(outcome.problems, IsEmpty());
  const auto& presets = outcome.effective.config.presets;
  ASSERT_THAT(presets, SizeIs(2));
  EXPECT_EQ(presets[0], jobs::default_preset());
  const jobs::Preset avatar{.name = "avatar",
                            .renditions = {{.name = "small",
                                            .operation = jobs::Operation::thumbnail,
                                            .width = 64,
                                            .folder = "thumbnails"},
                                           {.name = "web",
                                            .operation = jobs::Operation::compress,
                                            .format = jobs::OutputFormat::png,
                                            .folder = "web"}}};
  EXPECT_EQ(presets[1], avatar);
  EXPECT_EQ(outcome.effective.origin("preset.avatar"), "config.toml:1");
  EXPECT_EQ(outcome.effective.origin("preset.default"), "default");
}

TEST(ConfigFile, ReplacesTheBuiltInPresetByOneOfItsName) {
  const Outcome outcome = read(
      "[[preset]]\nname = \"default\"\n"
      "renditions = [ { name = \"only\", operation = \"compress\" } ]\n");
  ASSERT_THAT(outcome.effective.config.presets, SizeIs(1));
  EXPECT_EQ(outcome.effective.config.presets[0].renditions.at(0).name, "only");
  EXPECT_EQ(outcome.effective.origin("preset.default"), "config.toml:1");
}

TEST(ConfigFile, ReadsEveryOptionOfARendition) {
  const Outcome outcome = read(
      "[[preset]]\nname = \"shop\"\nrenditions = [ { name = \"card\", operation = \"resize\","
      " width = 800, height = 600, fit = \"cover\", focus = [0.25, 1], enlarge = true,"
      " background = \"#FFCC00\", format = \"avif\", quality = 60, max_bytes = \"100KiB\","
      " subsampling = \"4:4:4\", effort = 7, sharpen = 0.5, linear_light = true,"
      " keep_copyright = true, watermark = \"logo\" },"
      " { name = \"web\", operation = \"compress\", format = \"webp\", lossless = true },"
      " { name = \"pj\", operation = \"thumbnail\", width = 9, height = 9, fit = \"pad\","
      " gravity = \"north\", progressive = true, focus = \"0.5,0.5\" } ]\n");
  EXPECT_THAT(outcome.problems, IsEmpty());
  const auto& renditions = outcome.effective.config.presets.at(1).renditions;
  ASSERT_THAT(renditions, SizeIs(3));
  const jobs::RenditionSpec card{.name = "card",
                                 .operation = jobs::Operation::resize,
                                 .width = 800,
                                 .height = 600,
                                 .quality = 60,
                                 .format = jobs::OutputFormat::avif,
                                 .folder = "resized",
                                 .fit = jobs::Fit::cover,
                                 .focus = jobs::FocalPoint{0.25, 1},
                                 .enlarge = true,
                                 .background = {255, 204, 0},
                                 .subsampling = jobs::ChromaSubsampling::s444,
                                 .effort = 7,
                                 .max_bytes = 102'400,
                                 .sharpen = 0.5,
                                 .linear_light = true,
                                 .keep_copyright = true,
                                 .watermark = jobs::Watermark{.name = "logo", .image = ""}};
  EXPECT_EQ(renditions[0], card);
  EXPECT_TRUE(renditions[1].lossless);
  EXPECT_TRUE(renditions[2].progressive);
  EXPECT_EQ(renditions[2].gravity, jobs::Gravity::north);
  EXPECT_EQ(renditions[2].focus, (jobs::FocalPoint{0.5, 0.5}));
}

TEST(ConfigFile, ReadsWatermarks) {
  const Outcome outcome = read(
      "[[watermark]]\nname = \"logo\"\nimage = \"logo.png\"\nposition = \"north\"\n"
      "opacity = 1\nscale = 0.1\n[[watermark]]\nname = \"draft\"\nimage = \"d.webp\"\n");
  EXPECT_THAT(outcome.problems, IsEmpty());
  const auto& watermarks = outcome.effective.config.watermarks;
  ASSERT_THAT(watermarks, SizeIs(2));
  const jobs::Watermark logo{.name = "logo",
                             .image = "logo.png",
                             .position = jobs::Gravity::north,
                             .opacity = 1,
                             .scale = 0.1};
  EXPECT_EQ(watermarks[0], logo);
  const jobs::Watermark draft{.name = "draft", .image = "d.webp"};
  EXPECT_EQ(watermarks[1], draft);
  EXPECT_EQ(outcome.effective.origin("watermark.draft"), "config.toml:7");
}

TEST(ConfigFile, RefusesWatermarksThatAreNotWellFormed) {
  EXPECT_THAT(read("[watermark]\nname = \"x\"\n").problems,
              ElementsAre("config.toml:1: watermark: write each watermark as a table of its own: "
                          "[[watermark]]"));
  EXPECT_THAT(
      read("[[watermark]]\nimge = \"x\"\nopacity = 2\n").problems,
      ElementsAre(HasSubstr("watermark without a name: lacks name"), HasSubstr("lacks image"),
                  "config.toml:2: watermark without a name: there is no setting imge; did you mean "
                  "image?",
                  HasSubstr("opacity must be a number from 0.0 to 1.0, not 2.0")));
}

TEST(ConfigFile, RefusesPresetsThatAreNotWellFormed) {
  EXPECT_THAT(
      read("[preset]\nname = \"x\"\n").problems,
      ElementsAre("config.toml:1: preset: write each preset as a table of its own: [[preset]]"));
  EXPECT_THAT(read("[[preset]]\nrenditions = []\n").problems,
              ElementsAre(HasSubstr("preset without a name")));
  EXPECT_THAT(read("[[preset]]\nname = \"x\"\n").problems,
              ElementsAre(HasSubstr("preset \"x\": must have a list")));
  EXPECT_THAT(
      read("[[preset]]\nname = \"x\"\nrenditons = []\nrenditions = [ 7,\n"
           " { name = \"a\", operation = \"shrink\" },\n { operation = \"resize\", widht = 3 },\n"
           " { name = \"b\", operation = \"compress\", quality = 101 } ]\n")
          .problems,
      ElementsAre(
          "config.toml:3: preset \"x\": there is no setting renditons; did you mean renditions?",
          HasSubstr("config.toml:4: preset \"x\", rendition 1: must be a table"),
          "config.toml:5: preset \"x\", rendition 2: operation must be one of resize, compress, "
          "thumbnail, not \"shrink\"",
          "config.toml:6: preset \"x\", rendition 3: there is no setting widht; did you mean "
          "width?",
          "config.toml:6: preset \"x\", rendition 3: lacks name",
          "config.toml:7: preset \"x\", rendition 4: quality must be a whole number from 1 to 100, "
          "not 101"));
}

}  // namespace
}  // namespace darkroom::nodes
