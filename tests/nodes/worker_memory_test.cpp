#include "nodes/worker_memory.hpp"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "tests/files/temporary_folder.hpp"

namespace darkroom::nodes {
namespace {

constexpr std::uint64_t gib = std::uint64_t{1} << 30U;

TEST(MemoryWithinGroups, IsTheLeastOfAllLimits) {
  tests::TemporaryFolder folder;
  std::filesystem::create_directories(folder.path() / "a/b");
  const auto within = [&] { return memory_within_groups(8 * gib, folder.path(), "0::/a/b\n"); };
  EXPECT_EQ(within(), 8 * gib);
  static_cast<void>(folder.write("a/b/memory.max", "max\n"));
  EXPECT_EQ(within(), 8 * gib);
  static_cast<void>(folder.write("a/memory.max", std::to_string(2 * gib) + "\n"));
  EXPECT_EQ(within(), 2 * gib);
  static_cast<void>(folder.write("a/b/memory.max", std::to_string(gib)));
  EXPECT_EQ(within(), gib);
}

TEST(AvailableMemory, IsThere) {
  EXPECT_GT(available_memory(), 0U);
}

TEST(WorkerMemory, IsAShareOfHalfTheMachine) {
  Config config;
  config.worker_processes = 2;
  EXPECT_EQ(worker_memory(config, 16 * gib, worker_count(config)), 4 * gib);
  config.worker_processes = 4;
  EXPECT_EQ(worker_memory(config, 16 * gib, worker_count(config)), 2 * gib);
}

TEST(WorkerMemory, SufficesForEveryJobThatIsTaken) {
  Config config;
  config.worker_processes = 8;
  config.limits.max_memory = 3 * gib;
  EXPECT_EQ(worker_memory(config, 16 * gib, worker_count(config)), 3 * gib);
}

TEST(WorkerMemory, IsWhatTheOperatorSays) {
  Config config;
  config.worker.memory = 5 * gib;
  EXPECT_EQ(worker_memory(config, 2 * gib, worker_count(config)), 5 * gib);
}

}  // namespace
}  // namespace darkroom::nodes
