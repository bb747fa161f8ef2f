#include "tools/bench_pixels.hpp"

#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

namespace darkroom::tools {
namespace {

using namespace testing;

constexpr imaging::Size small{400, 300};

/// A rival whose every run takes 1000 ms.
Rival slow_rival() {
  return {.name = "slow",
          .command = {"sh", "-c", R"(echo '{"version": "1.2", "cpu_ms": [1000, 1000]}')"}};
}

std::vector<BenchReport> bench(const std::vector<Rival>& rivals) {
  const auto reports = bench_pixels(
      {.synthetic = small, .runs = 2, .backend = &imaging::fast_backend(), .rivals = rivals});
  EXPECT_TRUE(reports) << (reports ? "" : reports.error());
  return reports.value_or(std::vector<BenchReport>{});
}

rapidjson::Document printed(const std::vector<BenchReport>& reports) {
  std::ostringstream out;
  write_json(out, reports);
  rapidjson::Document json;
  json.Parse(out.str().c_str());
  EXPECT_FALSE(json.HasParseError()) << out.str();
  return json;
}

void expect_times(const rapidjson::Value& times) {
  for (const char* const name : {"min", "median", "max"}) {
    ASSERT_TRUE(times.HasMember(name) && times[name].IsNumber()) << name;
  }
  EXPECT_LE(times["min"].GetDouble(), times["median"].GetDouble());
  EXPECT_LE(times["median"].GetDouble(), times["max"].GetDouble());
  ASSERT_TRUE(times.HasMember("runs") && times["runs"].IsArray());
  EXPECT_EQ(times["runs"].Size(), 2U);
}

TEST(BenchPixels, PrintsTheFieldsThatAreDocumented) {
  const auto json = printed(bench({slow_rival()}));
  ASSERT_TRUE(json.IsArray());
  ASSERT_EQ(json.Size(), 3U);
  for (const auto& report : json.GetArray()) {
    const std::string_view input = report["input"].GetString();
    EXPECT_THAT(input, HasSubstr("400x300 upright"));
    for (const char* const step : {"decode", "resized", "compressed", "thumbnail", "job"}) {
      ASSERT_TRUE(report["cpu_ms"].HasMember(step)) << input << " " << step;
      expect_times(report["cpu_ms"][step]);
    }
    const bool jpeg = input.find("as jpeg") != std::string_view::npos;
    ASSERT_EQ(report.HasMember("entropy_floor_ms"), jpeg) << input;
    if (jpeg) expect_times(report["entropy_floor_ms"]);
    ASSERT_TRUE(report["against"].HasMember("slow 1.2"));
    const auto& rival = report["against"]["slow 1.2"];
    expect_times(rival);
    EXPECT_NEAR(rival["ratio"].GetDouble(), report["cpu_ms"]["job"]["median"].GetDouble() / 1000,
                0.001);
    EXPECT_NEAR(rival["ratio_of_minima"].GetDouble(),
                report["cpu_ms"]["job"]["min"].GetDouble() / 1000, 0.001);
  }
}

TEST(BenchPixels, TellsHowARenditionWasMade) {
  const auto json = printed(bench({}));
  const auto& jpeg = json[0]["cpu_ms"];
  EXPECT_TRUE(jpeg.HasMember("thumbnail resample") && jpeg.HasMember("thumbnail encode"));
  // Of the original's coefficients.
  EXPECT_FALSE(jpeg.HasMember("compressed encode"));
  EXPECT_TRUE(json[1]["cpu_ms"].HasMember("compressed encode"));
}

TEST(BenchPixels, SaysWhichRivalFailedOrWhichFileCannotBeRead) {
  PixelsOptions options{.synthetic = small, .runs = 1, .backend = &imaging::fast_backend()};
  options.rivals = {{.name = "broken", .command = {"false"}}};
  EXPECT_THAT(bench_pixels(options).error(), HasSubstr("broken"));
  options.rivals = {{.name = "missing", .command = {"/no/such/program"}}};
  EXPECT_THAT(bench_pixels(options).error(), HasSubstr("/no/such/program"));
  options.images = {"/no/such/picture.jpg"};
  EXPECT_THAT(bench_pixels(options).error(), HasSubstr("/no/such/picture.jpg"));
}

}  // namespace
}  // namespace darkroom::tools
