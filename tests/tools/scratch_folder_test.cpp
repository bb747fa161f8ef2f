#include "tools/scratch_folder.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/files/temporary_folder.hpp"

namespace darkroom::tools {
namespace {

namespace fs = std::filesystem;

TEST(ScratchFolder, EmptiesItsFilesKeepsTheirNamesAndGoesWithAllOfThem) {
  const tests::TemporaryFolder parent;
  {
    const auto scratch = ScratchFolder::make(parent.path()).value();
    const auto file = scratch.path() / "data" / "uploads" / "photo.jpg";
    fs::create_directories(file.parent_path());
    std::ofstream{file} << "some pixels";
    scratch.empty_files();
    EXPECT_TRUE(fs::exists(file));
    EXPECT_EQ(fs::file_size(file), 0U);
  }
  EXPECT_TRUE(fs::is_empty(parent.path()));
}

}  // namespace
}  // namespace darkroom::tools
