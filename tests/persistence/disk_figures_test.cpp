#include "persistence/disk_figures.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "persistence/data_folder.hpp"
#include "tests/files/temporary_folder.hpp"

namespace darkroom::persistence {
namespace {

namespace fs = std::filesystem;

TEST(DiskFigures, AreThoseOfTheFileSystemAndTheJobStoresFiles) {
  const tests::TemporaryFolder folder;
  const auto bare = measure_disk(folder.path());
  ASSERT_TRUE(bare);
  EXPECT_EQ(bare->job_store_bytes, std::nullopt) << "an ingest node has none";
  EXPECT_GT(bare->bytes, 0U);
  EXPECT_GT(bare->free_bytes, 0U);
  EXPECT_LE(bare->free_bytes, bare->bytes);

  fs::create_directory(folder.path() / data_folder::jobs);
  std::ofstream{folder.path() / data_folder::jobs / "000001.log"} << std::string(700, 'x');
  std::ofstream{folder.path() / data_folder::jobs / "000002.sst"} << std::string(300, 'x');
  const auto full = measure_disk(folder.path());
  ASSERT_TRUE(full);
  EXPECT_EQ(full->job_store_bytes, 1'000U);
}

TEST(DiskFigures, SayThatTheFolderIsGone) {
  const auto gone = measure_disk("/nowhere/at/all");
  ASSERT_FALSE(gone);
  EXPECT_NE(gone.error().message.find("/nowhere/at/all"), std::string::npos);
}

}  // namespace
}  // namespace darkroom::persistence
