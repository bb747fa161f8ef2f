#include "persistence/store_verify.hpp"

#include <atomic>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include "persistence/index_keys.hpp"
#include "persistence/rocks_database.hpp"
#include "persistence/store_figures.hpp"
#include "persistence/store_summary.hpp"
#include "tests/persistence/filled_store.hpp"

namespace darkroom::persistence {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class StoreVerify : public testing::Test {
 protected:
  [[nodiscard]] const fs::path& root() const { return folder_.path(); }

  VerifyReport verify() {
    faults_.clear();
    const auto report =
        verify_store(root(), {},
                     {.fault = [this](const VerifyFault& fault) { faults_.push_back(fault); },
                      .progress = [](const VerifyReport&) {}});
    EXPECT_TRUE(report) << report.error().message;
    return report.value_or(VerifyReport{});
  }

  tests::TemporaryFolder folder_;
  std::vector<VerifyFault> faults_;
};

TEST_F(StoreVerify, AWholeStoreHasNoFault) {
  FilledStore store{root()};
  (void)store.add_finished_job();
  (void)store.add_pending_job();
  const auto report = verify();
  EXPECT_EQ(report.faults, 0U);
  EXPECT_EQ(report.jobs, 2U);
  EXPECT_EQ(report.blobs, 5U);
  EXPECT_EQ(report.blob_bytes, 4'500U);
  EXPECT_EQ(report.orphans, 0U);
}

TEST_F(StoreVerify, AJobWhoseOriginalIsYetToBeFetchedLacksNothing) {
  FilledStore store{root()};
  const auto pending = store.add_pending_job();
  auto job = pending;
  job.original.blob_key.clear();
  job.source_url = "https://example.org/a.jpg";
  ASSERT_TRUE(store.jobs().commit(std::vector<JobChange>{{.before = pending, .after = job}}));
  EXPECT_EQ(verify().faults, 0U);
}

TEST_F(StoreVerify, FindsOneFlippedBit) {
  FilledStore store{root()};
  const auto job = store.add_finished_job();
  flip_bit(root() / job.renditions[1].blob_key);
  EXPECT_EQ(verify().faults, 1U);
  ASSERT_EQ(faults_.size(), 1U);
  EXPECT_EQ(faults_[0].id, job.id);
  EXPECT_EQ(faults_[0].key, job.renditions[1].blob_key);
  EXPECT_THAT(faults_[0].message, HasSubstr("its SHA-256 is "));
}

TEST_F(StoreVerify, FindsAMissingAndAShortenedFile) {
  FilledStore store{root()};
  const auto job = store.add_finished_job();
  fs::remove(root() / job.original.blob_key);
  fs::resize_file(root() / job.renditions[0].blob_key, 999);
  EXPECT_EQ(verify().faults, 2U);
  ASSERT_EQ(faults_.size(), 2U);
  EXPECT_EQ(faults_[0].message, "the file is missing");
  EXPECT_EQ(faults_[1].message, "the file has 999 bytes, and the record says 1000");
}

TEST_F(StoreVerify, CountsOrphansAsNoDamage) {
  FilledStore store{root()};
  const auto job = store.add_finished_job();
  EXPECT_TRUE(store.jobs().commit(std::vector<JobChange>{{.before = job, .after = {}}}));
  EXPECT_EQ(verify().orphans, 0U) << "they are new and may belong to an upload under way";
  store.age_files();
  const auto report = verify();
  EXPECT_EQ(report.orphans, 4U);
  EXPECT_EQ(report.orphan_bytes, 4'000U);
  EXPECT_EQ(report.faults, 0U);
}

TEST_F(StoreVerify, FindsADamagedRecordAndIndexesThatDoNotFit) {
  jobs::Job lost;
  jobs::Job unnamed;
  jobs::Job damaged;
  {
    FilledStore store{root()};
    lost = store.add_pending_job();
    unnamed = store.add_pending_job();
    damaged = store.add_finished_job();
  }
  {
    const auto database = RocksDatabase::open(root() / "jobs", {}).value();
    auto& db = database->db();
    ASSERT_TRUE(db.Delete({}, database->jobs(), job_key(lost.id)).ok());
    ASSERT_TRUE(db.Delete({}, database->ready(), *ready_key(&unnamed)).ok());
    ASSERT_TRUE(db.Put({}, database->jobs(), job_key(damaged.id), "nonsense").ok());
  }
  EXPECT_EQ(verify().faults, 5U);
  ASSERT_EQ(faults_.size(), 5U);
  EXPECT_EQ(faults_[0].id, damaged.id);
  EXPECT_THAT(faults_[0].message, HasSubstr("the record is damaged: "));
  EXPECT_EQ(faults_[1].id, unnamed.id);
  EXPECT_EQ(faults_[1].message, "the index ready does not name it");
  EXPECT_EQ(faults_[2].id, lost.id);
  EXPECT_EQ(faults_[2].message, "the index ready names it, and there is no record of it");
  EXPECT_EQ(faults_[3].message, "the index expiry names it, and there is no record of it");
  EXPECT_EQ(faults_[4].message, "the index listing names it, and there is no record of it");

  const auto stored = StoredJobs::open(root() / "jobs", {}).value();
  const auto summary = summarise(stored).value();
  EXPECT_EQ(summary.jobs, 1U);
  EXPECT_EQ(summary.damaged, 1U);
  EXPECT_EQ(summary.damaged_records.at(0).id, damaged.id);
  EXPECT_EQ(summary.oldest_unfinished->id, unnamed.id);
}

TEST_F(StoreVerify, TakesNoJobThatIsDeletedWhileItReadsForDamage) {
  FilledStore store{root()};
  std::vector<jobs::Job> jobs;
  for (int i = 0; i < 5; ++i)
    jobs.push_back(store.add_finished_job());
  bool deleted = false;
  const auto report =
      verify_store(root(), {},
                   {.fault = [this](const VerifyFault& fault) { faults_.push_back(fault); },
                    .progress =
                        [&](const VerifyReport& now) {
                          if (now.jobs != 1 || deleted) return;
                          deleted = true;
                          for (std::size_t i = 1; i < jobs.size(); ++i)
                            store.remove_job(jobs[i]);
                        }});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->jobs, 5U) << "they are in the store as it was when it was opened";
  EXPECT_EQ(report->faults, 0U) << faults_.front().message;
}

TEST_F(StoreVerify, FindsNoFaultWhileAServiceWorks) {
  // Small buffers, so that logs and tables come and go under the reader.
  FilledStore store{root(), {.write_buffer_bytes = std::size_t{128} << 10U}};
  std::atomic<bool> stop = false;
  std::thread service{[&] {
    std::vector<jobs::Job> jobs;
    while (!stop) {
      jobs.push_back(store.add_finished_job(100));
      if (jobs.size() < 30) continue;
      store.remove_job(jobs.front());
      jobs.erase(jobs.begin());
    }
  }};
  std::uint64_t jobs = 0;
  for (int i = 0; i < 20 || jobs < 100; ++i) {
    const auto report = verify();
    EXPECT_EQ(report.faults, 0U) << faults_.front().message << ' ' << faults_.front().key;
    jobs += report.jobs;
  }
  stop = true;
  service.join();
  EXPECT_EQ(verify().faults, 0U);
}

TEST_F(StoreVerify, ReadsNoStoreThatIsNotThereOrNewer) {
  const auto none = verify_store(root() / "nothing", {}, {});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, StoreErrorCode::not_found);
  EXPECT_THAT(none.error().message, HasSubstr("there is no job store in"));
  EXPECT_FALSE(fs::exists(root() / "nothing"));
  { const FilledStore store{root()}; }
  {
    const auto database = RocksDatabase::open(root() / "jobs", {}).value();
    ASSERT_TRUE(database->db().Put({}, database->meta(), "schema", "999").ok());
  }
  const auto newer = verify_store(root(), {}, {});
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().code, StoreErrorCode::newer);
  EXPECT_THAT(newer.error().message, HasSubstr("start the version that wrote it"));
}

TEST_F(StoreVerify, FiguresAddUp) {
  FilledStore store{root()};
  (void)store.add_finished_job();
  const auto stored = StoredJobs::open(root() / "jobs", {}).value();
  const auto figures = measure(stored, root()).value();
  EXPECT_EQ(figures.blobs.files, 4U);
  EXPECT_EQ(figures.blobs.bytes, 4'000U);
  ASSERT_EQ(figures.uploads.size(), 4U);
  EXPECT_EQ(figures.uploads[0].name, "compressed");
  EXPECT_GT(figures.logs.bytes, 0U);
  EXPECT_EQ(figures.families.at(0).name, "default");
  const auto memory = store.jobs().memory();
  ASSERT_TRUE(memory);
  EXPECT_EQ(memory->block_cache_limit, RocksOptions{}.block_cache_bytes);
  EXPECT_GT(memory->write_buffer_bytes, 0U);
  EXPECT_LE(memory->block_cache_bytes, memory->block_cache_limit);
}

}  // namespace
}  // namespace darkroom::persistence
