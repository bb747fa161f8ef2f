#include "nodes/temporary_sweeper.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "persistence/data_folder.hpp"
#include "tests/cluster/eventually.hpp"
#include "tests/files/temporary_folder.hpp"

namespace darkroom::nodes {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

TEST(TemporarySweeper, RemovesWhatIsLeftBehindLaterToo) {
  const tests::TemporaryFolder folder;
  const auto blobs = persistence::open_file_blob_store(folder.path());
  ASSERT_TRUE(blobs) << blobs.error().message;
  const auto abandon = [&folder](const char* name, std::chrono::hours age) {
    const auto file = folder.path() / persistence::data_folder::temporary / name;
    std::ofstream{file} << "half an upload";
    fs::last_write_time(file, fs::file_time_type::clock::now() - age);
    return file;
  };
  const auto fresh = abandon("fresh", 0h);
  const auto first = abandon("first", 3h);
  const TemporarySweeper sweeper{**blobs, 10ms, 1h};
  EXPECT_TRUE(cluster::eventually([&] { return !fs::exists(first); }));
  const auto second = abandon("second", 3h);
  EXPECT_TRUE(cluster::eventually([&] { return !fs::exists(second); }));
  EXPECT_TRUE(fs::exists(fresh)) << "somebody may be writing it";
}

TEST(TemporarySweeper, EndsAtOnceHoweverLongItsInterval) {
  const tests::TemporaryFolder folder;
  const auto blobs = persistence::open_file_blob_store(folder.path());
  ASSERT_TRUE(blobs) << blobs.error().message;
  const TemporarySweeper sweeper{**blobs, 24h, 1h};
}

}  // namespace
}  // namespace darkroom::nodes
