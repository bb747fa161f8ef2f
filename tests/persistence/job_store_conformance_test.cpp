#include <algorithm>
#include <atomic>
#include <memory>
#include <random>
#include <thread>
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "persistence/job_store.hpp"
#include "tests/files/temporary_folder.hpp"
#include "tests/persistence/sample_job.hpp"

// What every JobStore must do, run for each implementation.

namespace darkroom::persistence {
namespace {

using jobs::Job;
using jobs::JobStatus;
using testing::ElementsAre;
using testing::IsEmpty;

enum class Kind { memory, rocks };

class JobStoreConformance : public testing::TestWithParam<Kind> {
 protected:
  JobStoreConformance() {
    if (GetParam() == Kind::memory) {
      store_ = make_memory_job_store();
    } else {
      store_ = open_rocks_job_store(folder_.path(), {}).value();
    }
  }

  JobStore& store() { return *store_; }

  void commit(const std::vector<JobChange>& changes) {
    const auto committed = store_->commit(changes);
    ASSERT_TRUE(committed) << committed.error().message;
  }

  void create(const Job& job) { commit({{.before = std::nullopt, .after = job}}); }
  void update(const Job& before, const Job& after) { commit({{.before = before, .after = after}}); }
  void remove(const Job& job) { commit({{.before = job, .after = std::nullopt}}); }

  std::optional<Job> get(const jobs::JobId& id) { return store_->get(id).value(); }

  std::vector<Job> unfinished() {
    std::vector<Job> found;
    const auto read =
        store_->for_each_unfinished([&](Job job) { found.push_back(std::move(job)); });
    EXPECT_TRUE(read) << read.error().message;
    return found;
  }

  std::vector<Job> expired(jobs::Timestamp now, std::size_t limit) {
    return store_->expired(now, limit)->jobs;
  }

 private:
  tests::TemporaryFolder folder_;
  std::unique_ptr<JobStore> store_;
};

INSTANTIATE_TEST_SUITE_P(All, JobStoreConformance, testing::Values(Kind::memory, Kind::rocks),
                         [](const auto& kind) {
                           return kind.param == Kind::memory ? "Memory" : "Rocks";
                         });

Job expiring_at(std::int64_t milliseconds) {
  auto job = pending_job();
  job.expires_at = at(milliseconds);
  return job;
}

TEST_P(JobStoreConformance, StartsEmpty) {
  EXPECT_EQ(get(pending_job().id), std::nullopt);
  EXPECT_THAT(unfinished(), IsEmpty());
  EXPECT_THAT(expired(jobs::Timestamp::max(), 10), IsEmpty());
  EXPECT_TRUE(store().check_writable());
}

TEST_P(JobStoreConformance, GivesBackWhatWasCommitted) {
  const auto job = full_job();
  create(job);
  EXPECT_EQ(get(job.id), job);
}

TEST_P(JobStoreConformance, GivesBackTheLatestOfTwoCommits) {
  const auto job = pending_job();
  auto changed = job;
  changed.status = JobStatus::completed;
  changed.error_message = "none";
  create(job);
  update(job, changed);
  EXPECT_EQ(get(job.id), changed);
}

TEST_P(JobStoreConformance, ForgetsWhatWasRemoved) {
  const auto job = full_job();
  create(job);
  remove(job);
  EXPECT_EQ(get(job.id), std::nullopt);
  EXPECT_THAT(unfinished(), IsEmpty());
  EXPECT_THAT(expired(jobs::Timestamp::max(), 10), IsEmpty());
}

TEST_P(JobStoreConformance, KeepsWhatATextWasLast) {
  EXPECT_EQ(store().text("operators").value(), "");
  ASSERT_TRUE(store().put_text("operators", "one"));
  ASSERT_TRUE(store().put_text("keys", "a key"));
  ASSERT_TRUE(store().put_text("operators", "another"));
  EXPECT_EQ(store().text("operators").value(), "another");
  EXPECT_EQ(store().text("keys").value(), "a key");
  // It is no job, and jobs are not it.
  create(pending_job());
  EXPECT_EQ(store().text("operators").value(), "another");
}

TEST_P(JobStoreConformance, AnEmptyCommitChangesNothing) {
  const auto job = pending_job();
  create(job);
  commit({});
  EXPECT_THAT(unfinished(), ElementsAre(job));
}

TEST_P(JobStoreConformance, AJobIsUnfinishedUntilItReachesAFinalState) {
  for (const auto last : {JobStatus::completed, JobStatus::failed, JobStatus::cancelled}) {
    auto job = pending_job();
    create(job);
    EXPECT_THAT(unfinished(), ElementsAre(job));
    for (const auto next : {JobStatus::processing, JobStatus::retrying, JobStatus::processing}) {
      auto changed = with_status(job, next);
      changed.run_at += std::chrono::seconds{1};
      update(job, changed);
      EXPECT_THAT(unfinished(), ElementsAre(changed));
      job = changed;
    }
    const auto finished = with_status(job, last);
    update(job, finished);
    EXPECT_THAT(unfinished(), IsEmpty());
    EXPECT_EQ(get(job.id), finished);

    const auto again = with_status(finished, JobStatus::pending);
    update(finished, again);
    EXPECT_THAT(unfinished(), ElementsAre(again));
    remove(again);
  }
}

TEST_P(JobStoreConformance, UnfinishedJobsAreOrderedByQueueThenPriorityThenTimeThenId) {
  std::vector<Job> jobs;
  for (const auto* queue : {"a", "ab", "b", "a b", "a\x01", "\u00E4"}) {
    for (const std::int64_t run_at : {0, 1, 255, 256, 70'000, -1}) {
      jobs.push_back(pending_job(run_at, queue));
      jobs.push_back(pending_job(run_at, queue));
    }
    jobs.push_back(pending_job(0, queue));
    jobs.back().run_at = jobs::Timestamp{std::chrono::milliseconds{-5}};
    for (const int priority : {0, 1, 127, 128, 255}) {
      jobs.push_back(pending_job(priority, queue));
      jobs.back().priority = static_cast<std::uint8_t>(priority);
    }
  }
  std::vector<JobChange> changes;
  changes.reserve(jobs.size());
  for (const auto& job : jobs)
    changes.push_back({.before = std::nullopt, .after = job});
  std::shuffle(changes.begin(), changes.end(), std::mt19937{7});
  commit(changes);

  std::sort(jobs.begin(), jobs.end(), [](const Job& a, const Job& b) {
    return std::tie(a.queue, a.priority, a.run_at, a.id) <
           std::tie(b.queue, b.priority, b.run_at, b.id);
  });
  EXPECT_EQ(unfinished(), jobs);
}

TEST_P(JobStoreConformance, FoundJobsComeEarliestFirstUpToTheLimit) {
  const auto first = with_status(expiring_at(10), JobStatus::completed);
  const auto second = expiring_at(20);
  const auto third = with_status(expiring_at(30), JobStatus::failed);
  const auto fourth = expiring_at(31);
  for (const auto& job : {third, first, fourth, second})
    create(job);

  EXPECT_THAT(expired(at(9), 10), IsEmpty());
  EXPECT_THAT(expired(at(10), 10), ElementsAre(first));
  EXPECT_THAT(expired(at(30), 10), ElementsAre(first, second, third));
  EXPECT_THAT(expired(at(30), 2), ElementsAre(first, second));
  EXPECT_THAT(expired(at(30), 0), IsEmpty());
  EXPECT_THAT(expired(jobs::Timestamp::max(), 10), ElementsAre(first, second, third, fourth));
}

TEST_P(JobStoreConformance, AChangedExpiryMovesTheJob) {
  const auto job = expiring_at(10);
  auto later = job;
  later.expires_at = at(100);
  create(job);
  update(job, later);
  EXPECT_THAT(expired(at(99), 10), IsEmpty());
  EXPECT_THAT(expired(at(100), 10), ElementsAre(later));
}

TEST_P(JobStoreConformance, OneCommitMayChangeAJobTwice) {
  const auto job = pending_job(1);
  const auto started = with_status(job, JobStatus::processing);
  const auto done = with_status(job, JobStatus::completed);
  commit({{.before = std::nullopt, .after = job},
          {.before = job, .after = started},
          {.before = started, .after = done}});
  EXPECT_EQ(get(job.id), done);
  EXPECT_THAT(unfinished(), IsEmpty());
}

TEST_P(JobStoreConformance, ARefusedCommitAppliesNothing) {
  const auto good = pending_job();
  for (const auto& queue : {std::string{}, std::string{"a\0b", 3}, std::string{"\xFF"}}) {
    const std::vector<JobChange> changes{{.before = std::nullopt, .after = good},
                                         {.before = std::nullopt, .after = pending_job(0, queue)}};
    const auto committed = store().commit(changes);
    ASSERT_FALSE(committed);
    EXPECT_EQ(committed.error().code, StoreErrorCode::bad_key);
    EXPECT_EQ(get(good.id), std::nullopt);
    EXPECT_THAT(unfinished(), IsEmpty());
  }
}

TEST_P(JobStoreConformance, AJobWithoutAnIdIsRefused) {
  const std::vector<JobChange> changes{{.before = std::nullopt, .after = Job{}}};
  const auto committed = store().commit(changes);
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().code, StoreErrorCode::bad_key);
}

TEST_P(JobStoreConformance, VisitorsMayReadTheStore) {
  const auto job = pending_job();
  create(job);
  std::optional<Job> seen;
  ASSERT_TRUE(store().for_each_unfinished([&](const Job& each) { seen = get(each.id); }));
  EXPECT_EQ(seen, job);
}

TEST_P(JobStoreConformance, ReadersBesideAWriterSeeWholeCommits) {
  // Each commit finishes one job and creates the next, so that there is always exactly one.
  auto current = pending_job();
  create(current);
  std::atomic<bool> stop{false};
  std::atomic<std::size_t> reads{0};
  std::atomic<std::size_t> halves{0};
  std::thread reader{[&] {
    while (!stop) {
      if (unfinished().size() != 1) ++halves;
      ++reads;
    }
  }};
  constexpr std::size_t enough_reads = 50;
  for (std::size_t i = 0; i < 50 || reads < enough_reads; ++i) {
    const auto next = pending_job(static_cast<std::int64_t>(i % 7));
    commit({{.before = current, .after = with_status(current, JobStatus::completed)},
            {.before = std::nullopt, .after = next}});
    current = next;
  }
  stop = true;
  reader.join();
  EXPECT_EQ(halves, 0U);
}

/// A random life of a few jobs, beside a plain list of what ought to be there.
TEST_P(JobStoreConformance, IndexesFollowAnyCourseOfChanges) {
  std::mt19937 random{20260101};
  const auto pick = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>{0, n - 1}(random);
  };
  std::vector<Job> expected;
  for (int round = 0; round < 60; ++round) {
    std::vector<JobChange> changes;
    for (std::size_t i = pick(4); i > 0; --i) {
      if (expected.empty() || pick(3) == 0) {
        expected.push_back(pending_job(0, pick(2) == 0 ? "a" : "b"));
        changes.push_back({.before = std::nullopt, .after = expected.back()});
        continue;
      }
      auto& job = expected.at(pick(expected.size()));
      changes.push_back({.before = job, .after = std::nullopt});
      if (pick(5) == 0) {
        job = expected.back();
        expected.pop_back();
        continue;
      }
      job.status = static_cast<JobStatus>(pick(6));
      job.run_at = at(static_cast<std::int64_t>(pick(1000)));
      job.expires_at = at(static_cast<std::int64_t>(pick(1000)));
      job.queue = pick(4) == 0 ? "a" : job.queue;
      job.priority = static_cast<std::uint8_t>(pick(256));
      changes.back().after = job;
    }
    commit(changes);
  }

  std::vector<Job> ready;
  std::copy_if(expected.begin(), expected.end(), std::back_inserter(ready),
               [](const Job& job) { return !is_final(job.status); });
  std::sort(ready.begin(), ready.end(), [](const Job& a, const Job& b) {
    return std::tie(a.queue, a.priority, a.run_at, a.id) <
           std::tie(b.queue, b.priority, b.run_at, b.id);
  });
  EXPECT_EQ(unfinished(), ready);
  std::sort(expected.begin(), expected.end(), [](const Job& a, const Job& b) {
    return std::tie(a.expires_at, a.id) < std::tie(b.expires_at, b.id);
  });
  EXPECT_EQ(expired(jobs::Timestamp::max(), expected.size() + 1), expected);
}

TEST_P(JobStoreConformance, ListsTheNewestJobsFirstPageByPage) {
  std::vector<Job> newest_first;
  for (int i = 5; i > 0; --i) {
    newest_first.push_back(with_status(pending_job(), static_cast<JobStatus>(i)));
    newest_first.back().id = jobs::JobId::generate(at(i));
  }
  for (const auto i : {2U, 0U, 4U, 1U, 3U})
    create(newest_first[i]);
  const auto& jobs = newest_first;
  EXPECT_THAT(store().list(std::nullopt, 2)->jobs, ElementsAre(jobs[0], jobs[1]));
  EXPECT_THAT(store().list(jobs[1].id, 2)->jobs, ElementsAre(jobs[2], jobs[3]));
  EXPECT_THAT(store().list(jobs[3].id, 2)->jobs, ElementsAre(jobs[4]));
  EXPECT_THAT(store().list(jobs[4].id, 2)->jobs, IsEmpty());
  EXPECT_THAT(store().list(std::nullopt, 0)->jobs, IsEmpty());
  // The cursor need not be there any more, and may lie behind all.
  remove(jobs[2]);
  EXPECT_THAT(store().list(jobs[2].id, 9)->jobs, ElementsAre(jobs[3], jobs[4]));
  EXPECT_THAT(store().list(jobs::JobId::generate(at(9)), 1)->jobs, ElementsAre(jobs[0]));
  EXPECT_THAT(store().list(jobs::JobId::generate(at(0)), 9)->jobs, IsEmpty());
}

TEST_P(JobStoreConformance, FindsFailedJobsPageByPage) {
  std::vector<Job> failed;
  for (int i = 0; i < 5; ++i) {
    failed.push_back(with_status(pending_job(), JobStatus::failed));
    create(failed.back());
    create(with_status(pending_job(), JobStatus::completed));
  }
  std::ranges::sort(failed, {}, &Job::id);
  EXPECT_THAT(store().failed(std::nullopt, 2)->jobs, ElementsAre(failed[0], failed[1]));
  EXPECT_THAT(store().failed(failed[1].id, 9)->jobs, ElementsAre(failed[2], failed[3], failed[4]));
  update(failed[4], with_status(failed[4], JobStatus::pending));
  EXPECT_THAT(store().failed(failed[3].id, 9)->jobs, IsEmpty());
}

TEST_P(JobStoreConformance, FindsAJobByItsIdempotencyKeyForAsLongAsItIsThere) {
  auto job = pending_job();
  job.idempotency = jobs::Idempotency{.key = "key-1", .fingerprint = "print"};
  create(job);
  create(pending_job());
  const auto done = with_status(job, JobStatus::completed);
  update(job, done);
  EXPECT_EQ(store().with_idempotency_key("", "key-1").value(), done);
  EXPECT_EQ(store().with_idempotency_key("", "key-").value(), std::nullopt);
  remove(done);
  EXPECT_EQ(store().with_idempotency_key("", "key-1").value(), std::nullopt);
}

TEST_P(JobStoreConformance, HandsAKeyFromAJobThatGoesToOneThatComesInEitherOrder) {
  auto older = pending_job();
  older.idempotency = jobs::Idempotency{.key = "key-1", .fingerprint = "print"};
  create(older);
  for (const bool removal_first : {true, false}) {
    auto newer = pending_job();
    newer.idempotency = older.idempotency;
    std::vector<JobChange> changes{{.before = older, .after = std::nullopt},
                                   {.before = std::nullopt, .after = newer}};
    if (!removal_first) std::ranges::reverse(changes);
    ASSERT_TRUE(store().commit(changes));
    EXPECT_EQ(store().with_idempotency_key("", "key-1").value(), newer);
    older = newer;
  }
}

TEST_P(JobStoreConformance, FindsTheYoungestResultsForTheSameFileAndRenditions) {
  auto wish = pending_job();
  wish.original.sha256 = std::string(64, 'a');
  wish.renditions.emplace_back().spec = jobs::default_preset().renditions[0];
  const auto made = [&](std::int64_t when, bool reusable) {
    auto job = with_status(wish, JobStatus::completed);
    job.id = jobs::JobId::generate(at(when));
    job.reusable = reusable;
    job.renditions[0].status = jobs::RenditionStatus::completed;
    create(job);
    return job;
  };
  EXPECT_EQ(store().with_results_for(wish).value(), std::nullopt);
  made(3, false);
  EXPECT_EQ(store().with_results_for(wish).value(), std::nullopt);
  const auto old = made(1, true);
  const auto young = made(2, true);
  EXPECT_EQ(store().with_results_for(wish).value(), young);
  remove(young);
  EXPECT_EQ(store().with_results_for(wish).value(), old);
  wish.renditions[0].spec.quality = 1;
  EXPECT_EQ(store().with_results_for(wish).value(), std::nullopt);
}

}  // namespace
}  // namespace darkroom::persistence
