#include "tools/bench_coordinator.hpp"

#include <sstream>

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "tests/files/temporary_folder.hpp"

namespace darkroom::tools {
namespace {

TEST(BenchCoordinator, LeasesTasksToNodesOverTheNetworkAndLosesNone) {
  const tests::TemporaryFolder folder;
  const auto report = bench_coordinator({.nodes = 3,
                                         .processes = 2,
                                         .slots = 2,
                                         .seconds = 2,
                                         .warm_up = 0,
                                         .backlog = 100,
                                         .directory = folder.path()});
  ASSERT_TRUE(report) << report.error();
  std::ostringstream out;
  write_coordinator_json(out, *report);
  rapidjson::Document json;
  json.Parse(out.str().c_str());
  ASSERT_FALSE(json.HasParseError()) << out.str();
  EXPECT_EQ(json["nodes"].GetUint64(), 3U);
  EXPECT_GT(json["leases_per_second"].GetDouble(), 0);
  EXPECT_GT(json["coordinator_us_per_lease"].GetDouble(), 0);
  EXPECT_EQ(json["nodes_lost"].GetUint64(), 0U);
  EXPECT_EQ(json["refused_reports"].GetUint64(), 0U);
  EXPECT_EQ(json["lost_leases"].GetUint64(), 0U);
  ASSERT_EQ(json["by_second"].Size(), 2U);
  for (const auto& second : json["by_second"].GetArray()) {
    EXPECT_GT(second["leases_per_second"].GetDouble(), 0);
    EXPECT_LE(second["turnaround"]["p50_ms"].GetDouble(),
              second["turnaround"]["p99_ms"].GetDouble());
  }
}

TEST(BenchCoordinator, LeasesOutWhatWasQueuedBefore) {
  const tests::TemporaryFolder folder;
  CoordinatorOptions options{.nodes = 2, .processes = 1, .slots = 1, .seconds = 1};
  options.warm_up = 0;
  options.queued = 30'000;
  options.directory = folder.path();
  const auto report = bench_coordinator(options);
  ASSERT_TRUE(report) << report.error();
  EXPECT_GT(report->leases_per_second, 0);
}

TEST(BenchCoordinator, SaysThatTheQueueRanEmpty) {
  const tests::TemporaryFolder folder;
  CoordinatorOptions options{.nodes = 2, .processes = 1, .slots = 1, .seconds = 1};
  options.warm_up = 0;
  options.queued = 5;
  options.directory = folder.path();
  const auto report = bench_coordinator(options);
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().find("--queued"), std::string::npos) << report.error();
}

}  // namespace
}  // namespace darkroom::tools
