#include "persistence/stored_jobs.hpp"

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/files/temporary_folder.hpp"
#include "tests/persistence/sample_job.hpp"

namespace darkroom::persistence {
namespace {

std::size_t count_jobs(const StoredJobs& stored) {
  std::size_t count = 0;
  EXPECT_TRUE(stored.for_each([&](const StoredJob& record) {
    EXPECT_TRUE(record.job) << record.job.error();
    ++count;
    return true;
  }));
  return count;
}

TEST(StoredJobs, BesideAWriterHaveEveryCommitThatCameBefore) {
  const tests::TemporaryFolder folder;
  // Logs become tables, and tables one table, as often as can be.
  const RocksOptions options{.write_buffer_bytes = std::size_t{64} << 10U};
  const auto store = open_rocks_job_store(folder.path(), options).value();
  std::atomic<std::size_t> committed = 0;
  std::atomic<bool> stop = false;
  std::thread writer{[&] {
    while (!stop) {
      std::vector<JobChange> changes(10);
      for (auto& change : changes)
        change.after = full_job();
      EXPECT_TRUE(store->commit(changes));
      committed += changes.size();
    }
  }};
  for (int i = 0; i < 60; ++i) {
    const std::size_t before = committed;
    const auto stored = StoredJobs::open(folder.path(), options);
    EXPECT_TRUE(stored) << stored.error().message;
    if (!stored) break;
    EXPECT_GE(count_jobs(*stored), before) << "at opening " << i;
    if (committed > 4'000) break;
  }
  stop = true;
  writer.join();
  EXPECT_EQ(count_jobs(StoredJobs::open(folder.path(), options).value()), committed);
}

}  // namespace
}  // namespace darkroom::persistence
