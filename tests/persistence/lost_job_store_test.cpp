#include "persistence/lost_job_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/persistence/filled_store.hpp"

namespace darkroom::persistence {
namespace {

using testing::HasSubstr;

TEST(LostJobStore, IsNoticedByTheFilesOfItsJobs) {
  const tests::TemporaryFolder folder;
  const auto root = folder.path() / "data";
  EXPECT_TRUE(check_job_store_is_there(root)) << "a new folder";
  {
    FilledStore store{root};
    EXPECT_TRUE(check_job_store_is_there(root)) << "no job yet";
    store.add_pending_job();
  }
  EXPECT_TRUE(check_job_store_is_there(root));
  std::filesystem::rename(root / "jobs", folder.path() / "away");
  for (const bool empty_folder : {false, true}) {
    if (empty_folder) std::filesystem::create_directory(root / "jobs");
    const auto checked = check_job_store_is_there(root);
    ASSERT_FALSE(checked);
    EXPECT_THAT(checked.error().message, HasSubstr("no job store in " + (root / "jobs").string()));
  }
}

}  // namespace
}  // namespace darkroom::persistence
