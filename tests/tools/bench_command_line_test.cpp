#include "tools/bench_command_line.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace darkroom::tools {
namespace {

using namespace testing;

tl::expected<BenchCommand, BenchExit> read(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "bench");
  return read_bench_command(arguments);
}

std::string refusal_of(const std::vector<const char*>& arguments) {
  const auto command = read(arguments);
  if (command) return "it was taken";
  EXPECT_EQ(command.error().code, 2);
  EXPECT_EQ(command.error().out, "");
  return command.error().err;
}

TEST(BenchCommandLine, NamesTheNearestBenchmarkAndFlag) {
  EXPECT_EQ(refusal_of({"sistem"}),
            "tools/bench: sistem: there is no such benchmark; did you mean system?\n");
  EXPECT_EQ(refusal_of({"coordinator", "--node", "3"}),
            "tools/bench: --node: tools/bench coordinator has no such flag; did you mean "
            "--nodes?\n");
  EXPECT_THAT(refusal_of({"scale", "--turn=3"}), HasSubstr("did you mean --turns?"));
}

TEST(BenchCommandLine, ListsTheBenchmarksButNotTheirParts) {
  const auto text = refusal_of({"nonsense"});
  EXPECT_THAT(text, HasSubstr("pixels, memory, queue, store, system, scale, accept, coordinator"));
  EXPECT_THAT(text, Not(HasSubstr("stub-nodes")));
  EXPECT_THAT(refusal_of({}), HasSubstr("name a benchmark"));
  EXPECT_THAT(refusal_of({"--json"}), HasSubstr("must stand behind a benchmark"));
}

TEST(BenchCommandLine, RefusesValuesThatMakeNoSense) {
  EXPECT_THAT(refusal_of({"system", "--jobs", "0"}), HasSubstr("--jobs"));
  EXPECT_THAT(refusal_of({"system", "--jobs"}), HasSubstr("--jobs: needs a value"));
  EXPECT_THAT(refusal_of({"system", "--download", "some"}), HasSubstr("--download"));
  EXPECT_THAT(refusal_of({"system", "--photo", "/no/such/photo.jpg"}),
              HasSubstr("/no/such/photo.jpg"));
  EXPECT_THAT(refusal_of({"system", "--url", "127.0.0.1:8000"}),
              HasSubstr("--url: must begin with http:// or https://"));
  EXPECT_THAT(refusal_of({"system", "leftover"}), HasSubstr("leftover"));
}

TEST(BenchCommandLine, RefusesFlagsThatContradictEachOther) {
  EXPECT_THAT(refusal_of({"system", "--pid", "1"}), HasSubstr("name it with --url"));
  EXPECT_THAT(refusal_of({"system", "--url", "http://host", "--workers", "2"}),
              HasSubstr("--workers"));
  EXPECT_THAT(refusal_of({"coordinator", "--nodes", "2", "--processes", "3"}),
              HasSubstr("must not be more than the 2 nodes, not 3"));
  EXPECT_THAT(refusal_of({"coordinator", "--nodes", "600", "--processes", "2"}),
              HasSubstr("600 nodes need 3, not 2"));
}

TEST(BenchCommandLine, TakesWhatIsAskedFor) {
  const auto system = read({"system", "--url", "http://host:8000", "--uploaders", "7", "--download",
                            "all", "--compare-pixels", "--json"});
  ASSERT_TRUE(system) << system.error().err;
  EXPECT_TRUE(system->json);
  const auto& options = std::get<SystemOptions>(system->options);
  EXPECT_EQ(options.url, "http://host:8000");
  EXPECT_EQ(options.uploaders, 7U);
  EXPECT_EQ(options.download, Download::all);
  EXPECT_TRUE(options.compare_pixels);
  const auto coordinator = read({"coordinator", "--nodes=10", "--processes=1"});
  ASSERT_TRUE(coordinator) << coordinator.error().err;
  EXPECT_EQ(std::get<CoordinatorOptions>(coordinator->options).nodes, 10U);
}

TEST(BenchCommandLine, TakesSizesAndConnectionsOfAccept) {
  const auto command =
      read({"accept", "--bytes", "5000,9000", "--connections=1,8", "--slow", "30"});
  ASSERT_TRUE(command) << command.error().err;
  const auto& options = std::get<AcceptOptions>(command->options);
  EXPECT_THAT(options.sizes, ElementsAre(5'000, 9'000));
  EXPECT_THAT(options.connections, ElementsAre(1, 8));
  EXPECT_EQ(options.slow, 30U);
  const auto usual = read({"accept"});
  ASSERT_TRUE(usual);
  EXPECT_THAT(std::get<AcceptOptions>(usual->options).sizes, ElementsAre(50'000, 800'000));
  EXPECT_THAT(refusal_of({"accept", "--bytes", "10"}), HasSubstr("--bytes"));
  EXPECT_THAT(refusal_of({"accept", "--connections", "0"}), HasSubstr("--connections"));
}

TEST(BenchCommandLine, PrintsHelp) {
  const auto help = read({"system", "--help"});
  ASSERT_FALSE(help);
  EXPECT_EQ(help.error().code, 0);
  EXPECT_THAT(help.error().out, HasSubstr("--compare-pixels"));
}

}  // namespace
}  // namespace darkroom::tools
