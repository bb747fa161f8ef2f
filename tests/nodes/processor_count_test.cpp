#include "nodes/processor_count.hpp"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <sched.h>

#include "tests/files/temporary_folder.hpp"

namespace darkroom::nodes {
namespace {

class ProcessorsByQuota : public ::testing::Test {
 protected:
  void set_quota(const std::string& group, const std::string& text) {
    std::filesystem::create_directories(folder_.path() / group);
    static_cast<void>(folder_.write(group + "/cpu.max", text));
  }

  [[nodiscard]] std::optional<std::uint32_t> processors(std::string_view membership) const {
    return processors_by_quota(folder_.path(), membership);
  }

  tests::TemporaryFolder folder_;
};

TEST_F(ProcessorsByQuota, AreRoundedUp) {
  set_quota("a", "200000 100000\n");
  EXPECT_EQ(processors("0::/a\n"), 2U);
  set_quota("a", "150000 100000\n");
  EXPECT_EQ(processors("0::/a\n"), 2U);
  set_quota("a", "10000 100000\n");
  EXPECT_EQ(processors("0::/a\n"), 1U);
}

TEST_F(ProcessorsByQuota, AreTheLeastOfAllGroupsAbove) {
  set_quota("a/b", "400000 100000\n");
  set_quota("a", "300000 100000\n");
  EXPECT_EQ(processors("1:name=systemd:/x\n0::/a/b\n"), 3U);
  set_quota(".", "100000 100000\n");
  EXPECT_EQ(processors("0::/a/b\n"), 1U);
  EXPECT_EQ(processors("0::/not/there\n"), 1U);
}

TEST_F(ProcessorsByQuota, AreUnlimitedWithoutOne) {
  EXPECT_EQ(processors("0::/\n"), std::nullopt);
  EXPECT_EQ(processors(""), std::nullopt);
  set_quota("a", "max 100000\n");
  EXPECT_EQ(processors("0::/a\n"), std::nullopt);
  set_quota("a", "nonsense\n");
  EXPECT_EQ(processors("0::/a\n"), std::nullopt);
}

TEST(ProcessorCount, FollowsTheAffinity) {
  cpu_set_t before;
  CPU_ZERO(&before);
  ASSERT_EQ(::sched_getaffinity(0, sizeof(before), &before), 0);
  EXPECT_GE(processor_count(), 1U);
  cpu_set_t one;
  CPU_ZERO(&one);
  for (std::size_t i = 0; i < CPU_SETSIZE && CPU_COUNT(&one) == 0; ++i) {
    if (CPU_ISSET(i, &before)) CPU_SET(i, &one);
  }
  ASSERT_EQ(::sched_setaffinity(0, sizeof(one), &one), 0);
  EXPECT_EQ(processor_count(), 1U);
  ASSERT_EQ(::sched_setaffinity(0, sizeof(before), &before), 0);
}

}  // namespace
}  // namespace darkroom::nodes
