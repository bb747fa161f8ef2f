#include "nodes/config_command.hpp"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nodes/config_file.hpp"

namespace darkroom::nodes {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

EffectiveConfig changed() {
  EffectiveConfig effective;
  effective.config.http.port = 9'000;
  effective.origins["http.port"] = "--http-port";
  effective.config.storage_path = "C:\\a \"b\"";
  effective.config.registry.ttl = std::chrono::minutes{90};
  effective.config.registry.retry.factor = 1.5;
  effective.config.limits.max_pixels = 7;
  effective.config.presets.push_back({.name = "avatar",
                                      .renditions = {{.name = "small",
                                                      .operation = jobs::Operation::thumbnail,
                                                      .width = 64,
                                                      .quality = 70,
                                                      .format = jobs::OutputFormat::png,
                                                      .folder = "avatars"},
                                                     {.name = "card",
                                                      .operation = jobs::Operation::resize,
                                                      .width = 64,
                                                      .height = 48,
                                                      .folder = "resized",
                                                      .fit = jobs::Fit::cover,
                                                      .focus = jobs::FocalPoint{0.3, 0.7},
                                                      .enlarge = true,
                                                      .background = {1, 2, 3},
                                                      .max_bytes = 2'048,
                                                      .sharpen = 0.5}}});
  effective.config.watermarks = {
      {.name = "logo", .image = "/l.png", .position = jobs::Gravity::north, .opacity = 0.25}};
  effective.config.queues = {{.name = "night", .base = std::chrono::seconds{5}, .attempts = 9},
                             {.name = "plain"}};
  effective.origins["queue.night"] = "config.toml:3";
  effective.origins["watermark.logo"] = "config.toml:5";
  effective.origins["preset.avatar"] = "config.toml:9";
  return effective;
}

TEST(ConfigCommand, PrintsAFileThatCanBeUsedAsConfigToml) {
  std::ostringstream out;
  EXPECT_EQ(run_config({.effective = changed(), .output = ConfigOutput::toml}, out, out), 0);
  EffectiveConfig read;
  std::vector<Problem> problems;
  apply_config_file(all_settings(), "printed", out.str(), read, problems);
  EXPECT_THAT(problems, IsEmpty());
  const Config expected = changed().config;
  for (const Setting& setting : all_settings()) {
    if (setting.secret) continue;
    EXPECT_TRUE(read.origins.contains(setting.name())) << setting.name();
    EXPECT_EQ(setting.get(read.config), setting.get(expected)) << setting.name();
  }
  EXPECT_EQ(read.config.presets, expected.presets);
  EXPECT_EQ(read.config.watermarks, expected.watermarks);
  EXPECT_EQ(read.config.queues, expected.queues);
}

TEST(ConfigCommand, TellsWhereEachCameFromInColumns) {
  std::ostringstream out;
  EXPECT_EQ(run_config({.effective = changed(), .output = ConfigOutput::toml}, out, out), 0);
  EXPECT_THAT(out.str(),
              HasSubstr("[http]  # HTTP server\n"
                        "host               = \"127.0.0.1\"                # default\n"
                        "port               = 9000                       # --http-port\n"));
  EXPECT_THAT(out.str(), HasSubstr("[[preset]]  # config.toml:9\nname = \"avatar\"\n"));
  EXPECT_THAT(out.str(), HasSubstr("[[queue]]  # config.toml:3\nname = \"night\"\nbase = \"5s\"\n"
                                   "attempts = 9\n\n"));
  EXPECT_THAT(out.str(), HasSubstr("[[watermark]]  # config.toml:5\nname = \"logo\"\n"));
  EXPECT_THAT(out.str(), HasSubstr("max_bytes = \"2KiB\", sharpen = 0.5, folder = \"resized\" }"));
}

TEST(ConfigCommand, PrintsALineForEachSettingAsText) {
  std::ostringstream out;
  EXPECT_EQ(run_config({.effective = changed(), .output = ConfigOutput::text}, out, out), 0);
  EXPECT_THAT(out.str(),
              HasSubstr("http.port                 9000                     --http-port\n"));
  EXPECT_THAT(out.str(), HasSubstr("jobs.ttl                  1h30m                    default\n"));
  EXPECT_THAT(out.str(),
              HasSubstr("preset.avatar             (2 renditions)           config.toml:9\n"));
  EXPECT_THAT(out.str(),
              HasSubstr("queue.night               (2 settings)             config.toml:3\n"));
}

TEST(ConfigCommand, TellsWhatAShareOfTheMemoryIsHere) {
  std::ostringstream out;
  EXPECT_EQ(run_config({.effective = changed(), .output = ConfigOutput::toml}, out, out), 0);
  EXPECT_THAT(out.str(),
              ::testing::ContainsRegex("memory +=.*# default; here [0-9]+ MiB, for each of"));
}

TEST(ConfigCommand, FailsWhereItCannotPrint) {
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  std::ostringstream err;
  EXPECT_EQ(run_config({.effective = {}, .output = ConfigOutput::toml}, out, err), 1);
  EXPECT_THAT(err.str(), HasSubstr("cannot be written"));
}

}  // namespace
}  // namespace darkroom::nodes
