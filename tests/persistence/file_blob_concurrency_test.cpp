#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "persistence/blob_store.hpp"
#include "tests/files/temporary_folder.hpp"
#include "tests/persistence/blob_bytes.hpp"

namespace darkroom::persistence {
namespace {

constexpr unsigned writers = 8;
constexpr int rounds = 5;

template <class Work>
void run_in_threads(const Work& work) {
  std::vector<std::jthread> threads;
  for (unsigned i = 0; i < writers; ++i)
    threads.emplace_back(work, i);
}

TEST(FileBlobConcurrency, WritersToDifferentKeysDoNotMeet) {
  const tests::TemporaryFolder folder;
  const auto store = open_file_blob_store(folder.path()).value();
  const auto key = [](unsigned i) { return "uploads/new-folder/" + std::to_string(i); };
  run_in_threads([&](unsigned i) {
    for (int round = 0; round < rounds; ++round) {
      EXPECT_TRUE(put(*store, key(i), noise(300'000 + i, i)));
    }
  });
  for (unsigned i = 0; i < writers; ++i) {
    EXPECT_EQ(read_all(*store, key(i)), noise(300'000 + i, i));
  }
}

TEST(FileBlobConcurrency, WritersToOneKeyLeaveOneWholeBlob) {
  const tests::TemporaryFolder folder;
  const auto store = open_file_blob_store(folder.path()).value();
  constexpr std::string_view key = "uploads/originals/same";
  const auto is_whole = [](const std::vector<std::byte>& bytes) {
    const auto seed = static_cast<unsigned>(bytes.size() - 300'000);
    return bytes == noise(300'000 + seed, seed);
  };
  ASSERT_TRUE(put(*store, key, noise(300'000, 0)));
  run_in_threads([&](unsigned i) {
    for (int round = 0; round < rounds; ++round) {
      EXPECT_TRUE(put(*store, key, noise(300'000 + i, i)));
      EXPECT_TRUE(is_whole(read_all(*store, key)));
    }
  });
  EXPECT_TRUE(is_whole(read_all(*store, key)));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path() / "temporary"));
}

}  // namespace
}  // namespace darkroom::persistence
