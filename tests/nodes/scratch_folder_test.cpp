#include "nodes/scratch_folder.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/files/temporary_folder.hpp"

namespace darkroom::nodes {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(ScratchFolder, IsMadeWhereItIsNotThere) {
  const tests::TemporaryFolder folder;
  const auto scratch = open_scratch_folder(folder.path() / "new");
  ASSERT_TRUE(scratch) << scratch.error();
  EXPECT_TRUE(std::filesystem::is_directory(*scratch));
  EXPECT_TRUE(open_scratch_folder(folder.path() / "new"));
}

TEST(ScratchFolder, ThatCannotBeMadeIsNamedWithTheSetting) {
  const tests::TemporaryFolder folder;
  std::ofstream{folder.path() / "file"} << "no folder";
  const auto scratch = open_scratch_folder(folder.path() / "file");
  ASSERT_FALSE(scratch);
  EXPECT_THAT(scratch.error(), AllOf(HasSubstr((folder.path() / "file").string()),
                                     HasSubstr("Not a directory"), HasSubstr("storage.path")));
}

TEST(ScratchFolder, ThatCannotBeWrittenToIsNoticed) {
  if (::geteuid() == 0) GTEST_SKIP() << "root can write everywhere";
  const tests::TemporaryFolder folder;
  ASSERT_TRUE(open_scratch_folder(folder.path()));
  const auto scratch = *open_scratch_folder(folder.path());
  std::filesystem::permissions(scratch, std::filesystem::perms::owner_read);
  const auto again = open_scratch_folder(folder.path());
  std::filesystem::permissions(scratch, std::filesystem::perms::owner_all);
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error(), HasSubstr("Permission denied"));
}

}  // namespace
}  // namespace darkroom::nodes
