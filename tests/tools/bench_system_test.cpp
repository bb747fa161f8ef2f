#include "tools/bench_system.hpp"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "tests/files/temporary_folder.hpp"

namespace darkroom::tools {
namespace {

using namespace testing;

void expect_phase(const rapidjson::Value& phase, std::size_t jobs) {
  EXPECT_EQ(phase["completed"].GetUint64(), jobs);
  EXPECT_EQ(phase["downloads"].GetUint64(), jobs);
  EXPECT_EQ(phase["error_count"].GetUint64(), 0U);
  EXPECT_GT(phase["jobs_per_second"].GetDouble(), 0);
  for (const char* const times : {"upload", "seen", "recorded", "waited", "worked"}) {
    ASSERT_TRUE(phase.HasMember(times)) << times;
    EXPECT_EQ(phase[times]["count"].GetUint64(), jobs) << times;
    EXPECT_LE(phase[times]["p50_ms"].GetDouble(), phase[times]["p99_ms"].GetDouble()) << times;
  }
}

TEST(BenchSystem, DrivesAServiceThatItStartsAndSaysWhatItsProcessesTook) {
  const tests::TemporaryFolder folder;
  constexpr std::size_t jobs = 5;
  const auto report = bench_system({.synthetic = {400, 300},
                                    .jobs = jobs,
                                    .uploaders = 2,
                                    .download = Download::all,
                                    .compare_pixels = true,
                                    .workers = 1,
                                    .directory = folder.path()});
  ASSERT_TRUE(report) << report.error();
  std::ostringstream out;
  write_system_json(out, *report);
  rapidjson::Document json;
  json.Parse(out.str().c_str());
  ASSERT_FALSE(json.HasParseError()) << out.str();
  EXPECT_EQ(json["slots"].GetUint64(), 1U);
  EXPECT_GT(json["ratio"].GetDouble(), 0);
  EXPECT_GT(json["memory"].GetUint64(), 0U);
  ASSERT_EQ(json["turns"].Size(), 1U);
  const auto& turn = json["turns"][0];
  expect_phase(turn, jobs);
  expect_phase(json["half"], jobs);
  EXPECT_GT(turn["pixels_jobs_per_second"].GetDouble(), 0);
  ASSERT_EQ(turn["processes"].Size(), 2U);
  EXPECT_STREQ(turn["processes"][0]["name"].GetString(), "serve");
  EXPECT_STREQ(turn["processes"][1]["name"].GetString(), "worker local-1");
}

TEST(BenchSystem, SaysWhyAServiceCannotBeUsed) {
  const tests::TemporaryFolder folder;
  const auto report = bench_system(
      {.url = "http://127.0.0.1:1", .synthetic = {40, 30}, .jobs = 1, .directory = folder.path()});
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error(), HasSubstr("http://127.0.0.1:1"));
}

}  // namespace
}  // namespace darkroom::tools
