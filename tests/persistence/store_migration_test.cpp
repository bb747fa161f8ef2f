#include <span>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "persistence/index_keys.hpp"
#include "persistence/job_store.hpp"
#include "persistence/stored_jobs.hpp"
#include "tests/files/temporary_folder.hpp"
#include "tests/persistence/raw_store.hpp"
#include "tests/persistence/sample_job.hpp"

// A store of an earlier schema, opened by this version.

namespace darkroom::persistence {
namespace {

using jobs::Job;
using jobs::JobStatus;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Job reusable_job(const std::string& tenant) {
  auto job = with_status(full_job(), JobStatus::completed);
  job.lease.reset();
  job.tenant = tenant;
  job.idempotency = jobs::Idempotency{.key = "key of " + tenant, .fingerprint = "print"};
  // None of these was there.
  job.revision = 0;
  job.public_name.clear();
  job.batch.reset();
  return job;
}

class StoreMigration : public testing::Test {
 protected:
  StoreMigration() {
    {
      const auto store = open_rocks_job_store(folder.path(), {}).value();
      std::vector<JobChange> creations;
      for (const auto& job : all)
        creations.push_back({.before = std::nullopt, .after = job});
      EXPECT_TRUE(store->commit(creations));
    }
    go_back();
  }

  /// Makes it what the version before would have left.
  void go_back() {
    RawStore raw{folder.path()};
    for (const auto* family : {"listing", "finished", "batches"})
      raw.drop_family(family);
    for (const auto& job : all) {
      if (job.tenant.empty()) continue;
      auto untenanted = job;
      untenanted.tenant.clear();
      raw.remove("idempotency", *idempotency_key(&job));
      raw.put("idempotency", *idempotency_key(&untenanted), job_key(job.id));
      raw.remove("results", *results_key(&job));
      raw.put("results", *results_key(&untenanted), "");
    }
    raw.put("default", "schema", "2");
  }

  std::vector<std::string> faults() const {
    std::vector<std::string> found;
    const auto stored = StoredJobs::open(folder.path(), {}).value();
    EXPECT_TRUE(stored.for_each_index_fault([&](const IndexFault& fault) {
      found.push_back(fault.message);
      return true;
    }));
    return found;
  }

  tests::TemporaryFolder folder;
  Job failed = with_status(pending_job(), JobStatus::failed);
  Job waiting = pending_job();
  Job of_nobody = reusable_job("");
  Job of_anna = reusable_job("anna");
  std::vector<Job> all{failed, waiting, of_nobody, of_anna};
};

TEST_F(StoreMigration, AnOlderStoreIsReadAndFoundInOrder) {
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(StoreMigration, FillsWhatIsNewAndSaysSo) {
  std::vector<std::string> reports;
  const Report report = [&](const std::string& text) { reports.push_back(text); };
  {
    const auto store = open_rocks_job_store(folder.path(), {}, report).value();
    EXPECT_THAT(store->find({.status = JobStatus::failed}, std::nullopt, 9)->jobs,
                ElementsAre(failed));
    EXPECT_THAT(store->find({.tenant = "anna"}, std::nullopt, 9)->jobs, ElementsAre(of_anna));
    EXPECT_THAT(store->find({.filename = "photo.jpg"}, std::nullopt, 9)->jobs, SizeIs(4));
    EXPECT_EQ(store->with_idempotency_key("anna", "key of anna").value(), of_anna);
    EXPECT_EQ(store->with_idempotency_key("", "key of anna").value(), std::nullopt);
    EXPECT_EQ(store->with_results_for(of_anna).value(), of_anna);
    EXPECT_EQ(store->with_results_for(of_nobody).value(), of_nobody);
    EXPECT_EQ(store->last_revision().value(), 0U);
    EXPECT_EQ(store->batch(failed.id).value(), std::nullopt);
  }
  EXPECT_THAT(reports, ElementsAre(HasSubstr("from schema 2 to 3: 4 jobs")));
  EXPECT_THAT(faults(), IsEmpty());
  // Once.
  ASSERT_TRUE(open_rocks_job_store(folder.path(), {}, report));
  EXPECT_THAT(reports, SizeIs(1));
}

TEST_F(StoreMigration, WhatIsRemovedAfterwardsLeavesNothingBehind) {
  {
    const auto store = open_rocks_job_store(folder.path(), {}).value();
    std::vector<JobChange> removals;
    for (const auto& job : all)
      removals.push_back({.before = job, .after = std::nullopt});
    ASSERT_TRUE(store->commit(removals));
  }
  RawStore raw{folder.path()};
  for (const auto* family : {"listing", "finished", "results", "idempotency", "failed", "expiry"})
    EXPECT_THAT(raw.keys(family), IsEmpty()) << family;
}

// The older version was started once more in between, and removed a job.
TEST_F(StoreMigration, BeginsAnewWhereItWasCutOff) {
  ASSERT_TRUE(open_rocks_job_store(folder.path(), {}));
  {
    RawStore raw{folder.path()};
    raw.put("default", "schema", "2");
    raw.remove("jobs", job_key(failed.id));
    raw.remove("failed", *failed_key(&failed));
    raw.remove("expiry", *expiry_key(&failed));
  }
  ASSERT_TRUE(open_rocks_job_store(folder.path(), {}));
  EXPECT_THAT(faults(), IsEmpty());
}

// And made one without a tenant, whose key is free there.
TEST_F(StoreMigration, AKeyThatTheOlderVersionGaveAwayMeanwhileStays) {
  Job later = pending_job();
  later.id = jobs::JobId::generate(jobs::system_now());
  later.tenant.clear();
  later.idempotency = of_anna.idempotency;
  {
    const auto store = open_rocks_job_store(folder.path(), {}).value();
    const JobChange creation{.before = std::nullopt, .after = later};
    ASSERT_TRUE(store->commit(std::span{&creation, 1}));
  }
  RawStore{folder.path()}.put("default", "schema", "2");
  const auto store = open_rocks_job_store(folder.path(), {}).value();
  EXPECT_EQ(store->with_idempotency_key("", "key of anna").value(), later);
  EXPECT_EQ(store->with_idempotency_key("anna", "key of anna").value(), of_anna);
}

TEST_F(StoreMigration, ADamagedRecordIsLeftAsItIs) {
  RawStore{folder.path()}.put("jobs", job_key(waiting.id), "rubbish");
  const auto store = open_rocks_job_store(folder.path(), {});
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_FALSE((*store)->get(waiting.id));
  EXPECT_THAT((*store)->find({.filename = "photo.jpg"}, std::nullopt, 9)->jobs, SizeIs(3));
}

}  // namespace
}  // namespace darkroom::persistence
