#include "nodes/jobs_command.hpp"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/files/temporary_folder.hpp"

// Beside a running service it is tested in tests/cluster/.

namespace darkroom::nodes {
namespace {

using ::testing::HasSubstr;

TEST(JobsCommands, SayThatNoServiceRuns) {
  const tests::TemporaryFolder folder;
  Config config;
  config.storage_path = folder.path() / "data";
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(run_jobs({.config = config}, out, err), 2);
  EXPECT_EQ(run_janitor({.config = config}, out, err), 2);
  EXPECT_EQ(out.str(), "");
  EXPECT_THAT(err.str(), HasSubstr("darkroom: no service runs on the data folder"));
}

}  // namespace
}  // namespace darkroom::nodes
