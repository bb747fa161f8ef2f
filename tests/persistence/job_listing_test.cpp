#include <algorithm>
#include <memory>
#include <random>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "persistence/job_filter.hpp"
#include "persistence/job_store.hpp"
#include "persistence/stored_jobs.hpp"
#include "tests/files/temporary_folder.hpp"
#include "tests/persistence/sample_job.hpp"

// Jobs found by filter, page by page, in each implementation.

namespace darkroom::persistence {
namespace {

using jobs::Job;
using jobs::JobStatus;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

enum class Kind { memory, rocks };

class JobListing : public testing::TestWithParam<Kind> {
 protected:
  JobListing() {
    if (GetParam() == Kind::memory) {
      store = make_memory_job_store();
    } else {
      store = open_rocks_job_store(folder.path(), {}).value();
    }
  }

  void commit(const std::vector<JobChange>& changes) {
    const auto committed = store->commit(changes);
    ASSERT_TRUE(committed) << committed.error().message;
  }

  void create(const Job& job) { commit({{.before = std::nullopt, .after = job}}); }

  /// All pages, one behind the other.
  std::vector<Job> find_all(const JobFilter& filter, std::size_t limit) {
    std::vector<Job> all;
    std::optional<jobs::JobId> before;
    do {
      auto page = store->find(filter, before, limit);
      EXPECT_TRUE(page) << page.error().message;
      if (!page) return all;
      EXPECT_LE(page->jobs.size(), limit);
      EXPECT_THAT(page->damaged, IsEmpty());
      all.insert(all.end(), page->jobs.begin(), page->jobs.end());
      before = page->next;
    } while (before);
    return all;
  }

  tests::TemporaryFolder folder;
  std::unique_ptr<JobStore> store;
};

INSTANTIATE_TEST_SUITE_P(All, JobListing, testing::Values(Kind::memory, Kind::rocks),
                         [](const auto& kind) {
                           return kind.param == Kind::memory ? "Memory" : "Rocks";
                         });

/// A job made at that moment, so that ids go by it.
Job job_at(std::int64_t milliseconds) {
  auto job = pending_job();
  job.id = jobs::JobId::generate(at(milliseconds));
  job.created_at = at(milliseconds);
  job.run_at = job.created_at;
  return job;
}

std::vector<jobs::JobId> ids_of(const std::vector<Job>& jobs) {
  std::vector<jobs::JobId> ids;
  for (const auto& job : jobs)
    ids.push_back(job.id);
  return ids;
}

/// Picks values and filters that meet often enough.
class Dice {
 public:
  std::size_t below(std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>{0, bound - 1}(random_);
  }
  template <class Value>
  Value of(const std::vector<Value>& values) {
    return values.at(below(values.size()));
  }
  template <class Value>
  std::optional<Value> perhaps(const std::vector<Value>& values) {
    return below(3) == 0 ? std::optional{of(values)} : std::nullopt;
  }

  Job job(std::int64_t milliseconds) {
    auto made = job_at(milliseconds);
    made.tenant = of(tenants);
    made.queue = of(queues);
    made.preset = of(presets);
    made.original.filename = of(filenames);
    made.public_name = of(public_names);
    made.batch = perhaps(batches);
    made.status = status();
    return made;
  }
  JobStatus status() { return static_cast<JobStatus>(below(jobs::job_statuses)); }

  JobFilter filter(std::int64_t span) {
    JobFilter wanted{.tenant = perhaps(tenants),
                     .queue = perhaps(queues),
                     .preset = perhaps(presets),
                     .filename = perhaps(filenames),
                     .public_name = perhaps(public_names),
                     .status = {},
                     .batch = perhaps(batches)};
    if (below(3) == 0) wanted.status = status();
    const auto moment = [&] {
      return at(static_cast<std::int64_t>(below(static_cast<std::size_t>(span))));
    };
    if (below(4) == 0) wanted.created_from = moment();
    if (below(4) == 0) wanted.created_before = moment();
    return wanted;
  }

 private:
  std::mt19937 random_{11};
  std::vector<std::string> tenants{"", "anna", "bert"};
  std::vector<std::string> queues{"default", "slow", "fast"};
  std::vector<std::string> presets{"default", "small", ""};
  std::vector<std::string> filenames{"", "a.jpg", "b.jpg", "c.jpg"};
  std::vector<std::string> public_names{"", "a.jpg", "a_x.jpg"};
  std::vector<jobs::JobId> batches{jobs::JobId::generate(at(1)), jobs::JobId::generate(at(2))};
};

TEST_P(JobListing, FindsWhatALookAtEveryJobFinds) {
  constexpr std::int64_t interval = 60'000;
  constexpr std::size_t count = 200;
  Dice dice;
  std::vector<Job> all;
  std::vector<JobChange> creations;
  for (std::size_t i = 0; i < count; ++i) {
    all.push_back(dice.job(static_cast<std::int64_t>(i) * interval));
    creations.push_back({.before = std::nullopt, .after = all.back()});
  }
  commit(creations);
  // Some change, and some go.
  for (auto& job : all) {
    const auto before = job;
    job.status = dice.status();
    commit({{.before = before, .after = job}});
  }
  for (int i = 0; i < 20; ++i) {
    const auto gone = all.begin() + static_cast<std::ptrdiff_t>(dice.below(all.size()));
    commit({{.before = *gone, .after = std::nullopt}});
    all.erase(gone);
  }
  std::ranges::reverse(all);
  std::size_t found = 0;
  for (int i = 0; i < 1'500; ++i) {
    const auto filter = dice.filter(interval * static_cast<std::int64_t>(count));
    std::vector<jobs::JobId> expected;
    for (const auto& job : all) {
      if (matches(filter, job)) expected.push_back(job.id);
    }
    ASSERT_EQ(ids_of(find_all(filter, 1 + dice.below(30))), expected) << "filter " << i;
    found += expected.size();
  }
  EXPECT_GT(found, 1'000U) << "the filters are worth nothing";
}

TEST_P(JobListing, PagesStandStillWhileJobsArrive) {
  std::vector<jobs::JobId> there;
  for (int i = 0; i < 10; ++i) {
    const auto job = job_at(i * 10);
    create(job);
    there.insert(there.begin(), job.id);
  }
  std::vector<jobs::JobId> seen;
  std::optional<jobs::JobId> before;
  std::int64_t later = 1'000;
  do {
    const auto page = store->find({}, before, 3).value();
    for (const auto& id : ids_of(page.jobs))
      seen.push_back(id);
    before = page.next;
    create(job_at(++later));
  } while (before);
  EXPECT_EQ(seen, there);
}

TEST_P(JobListing, ThePageThatIsJustFullIsTheLastOne) {
  create(job_at(1));
  create(job_at(2));
  EXPECT_THAT(store->find({}, std::nullopt, 2)->jobs, SizeIs(2));
  EXPECT_EQ(store->find({}, std::nullopt, 2)->next, std::nullopt);
  EXPECT_NE(store->find({}, std::nullopt, 1)->next, std::nullopt);
  EXPECT_THAT(store->find({.filename = "nobody.jpg"}, std::nullopt, 9)->jobs, IsEmpty());
}

TEST_P(JobListing, LeavesOutWhatHasExpired) {
  auto job = job_at(1);
  job.expires_at = at(500);
  create(job);
  EXPECT_THAT(store->find({.alive_at = at(499)}, std::nullopt, 9)->jobs, SizeIs(1));
  EXPECT_THAT(store->find({.alive_at = at(500)}, std::nullopt, 9)->jobs, IsEmpty());
}

TEST_P(JobListing, ATenantsOwnPagesHaveNothingOfOthers) {
  Dice dice;
  std::vector<JobChange> creations;
  for (int i = 0; i < 300; ++i)
    creations.push_back({.before = std::nullopt, .after = dice.job(i)});
  commit(creations);
  for (int i = 0; i < 300; ++i) {
    auto filter = dice.filter(300);
    filter.tenant = "anna";
    for (const auto& job : find_all(filter, 7))
      ASSERT_EQ(job.tenant, "anna");
  }
}

TEST_P(JobListing, FinishedJobsComeInTheOrderOfTheirRevisions) {
  std::vector<Job> done;
  for (std::uint64_t revision : {300U, 100U, 200U}) {
    auto job = with_status(job_at(1), JobStatus::completed);
    job.revision = revision;
    create(job);
    done.push_back(job);
  }
  auto waiting = job_at(2);
  waiting.revision = 400;
  create(waiting);
  EXPECT_EQ(store->last_revision().value(), 300U);
  EXPECT_THAT(store->finished_since(0, 9)->jobs, ElementsAre(done[1], done[2], done[0]));
  EXPECT_THAT(store->finished_since(100, 1)->jobs, ElementsAre(done[2]));
  EXPECT_THAT(store->finished_since(300, 9)->jobs, IsEmpty());
  // Sent again, it is not finished any more.
  auto again = with_status(done[0], JobStatus::pending);
  again.revision = 500;
  commit({{.before = done[0], .after = again}});
  EXPECT_EQ(store->last_revision().value(), 200U);
}

TEST_P(JobListing, KeysAndResultsOfTenantsAreTheirOwn) {
  std::vector<Job> made;
  for (const auto* tenant : {"", "anna", "bert"}) {
    auto job = with_status(job_at(1), JobStatus::completed);
    job.tenant = tenant;
    job.reusable = true;
    job.original.sha256 = std::string(64, 'a');
    job.idempotency = jobs::Idempotency{.key = "key", .fingerprint = tenant};
    create(job);
    made.push_back(job);
  }
  for (const auto& job : made) {
    EXPECT_EQ(store->with_idempotency_key(job.tenant, "key").value(), job);
    EXPECT_EQ(store->with_results_for(job).value(), job);
  }
  EXPECT_EQ(store->with_idempotency_key("carl", "key").value(), std::nullopt);
}

/// A store on disk, whose pages are bounded by what is read for them.
class LongJobListing : public testing::Test {
 protected:
  tests::TemporaryFolder folder;
  std::unique_ptr<JobStore> store = open_rocks_job_store(folder.path(), {}).value();
};

TEST_F(LongJobListing, APageReadsAThousandRecordsAtMost) {
  constexpr int count = 2'500;
  std::vector<JobChange> creations;
  for (int i = 0; i < count; ++i) {
    auto job = with_status(job_at(i), JobStatus::completed);
    job.original.filename = i == 0 ? "first.jpg" : "photo.jpg";
    creations.push_back({.before = std::nullopt, .after = job});
  }
  creations.front().after = with_status(*creations.front().after, JobStatus::pending);
  ASSERT_TRUE(store->commit(creations));
  // No index has what is pending: the only one lies behind all that are done.
  const auto first = store->find({.status = JobStatus::pending}, std::nullopt, 50).value();
  EXPECT_THAT(first.jobs, IsEmpty());
  EXPECT_EQ(first.next, creations.at(count - most_examined).after->id);
  const auto second = store->find({.status = JobStatus::pending}, first.next, 50).value();
  EXPECT_THAT(second.jobs, IsEmpty());
  const auto third = store->find({.status = JobStatus::pending}, second.next, 50).value();
  EXPECT_THAT(third.jobs, SizeIs(1));
  EXPECT_EQ(third.next, std::nullopt);
  // One that an index has is found at once.
  const auto named = store->find({.filename = "first.jpg"}, std::nullopt, 50).value();
  EXPECT_THAT(named.jobs, SizeIs(1));
  EXPECT_EQ(named.next, std::nullopt);
}

TEST_F(LongJobListing, TheTimeOfCreationBoundsWhatIsRead) {
  std::vector<JobChange> creations;
  constexpr std::int64_t minute = 60'000;
  for (int i = 0; i < 1'500; ++i)
    creations.push_back({.before = std::nullopt, .after = job_at(i * minute)});
  ASSERT_TRUE(store->commit(creations));
  const auto page = store
                        ->find({.created_from = at(10 * minute), .created_before = at(12 * minute)},
                               std::nullopt, 50)
                        .value();
  EXPECT_THAT(page.jobs, SizeIs(2));
  EXPECT_EQ(page.next, std::nullopt);
}

// The upload lasted, and the machine that named it was ahead of the one that made the job.
TEST_F(LongJobListing, AnIdMayBeOlderAndYoungerThanItsJob) {
  auto slow = job_at(0);
  slow.created_at = at(299'000);
  auto ahead = job_at(1'000'000);
  ahead.created_at = at(996'000);
  ASSERT_TRUE(store->commit(std::vector<JobChange>{{.before = std::nullopt, .after = slow},
                                                   {.before = std::nullopt, .after = ahead}}));
  EXPECT_THAT(store->find({.created_from = at(299'000)}, std::nullopt, 9)->jobs, SizeIs(2));
  EXPECT_THAT(store->find({.created_before = at(996'001)}, std::nullopt, 9)->jobs, SizeIs(2));
}

TEST(JobFilter, EveryMemberNarrowsIt) {
  const auto job = full_job();
  EXPECT_TRUE(matches({}, job));
  EXPECT_TRUE(matches({.tenant = job.tenant,
                       .queue = job.queue,
                       .preset = job.preset,
                       .filename = job.original.filename,
                       .public_name = job.public_name,
                       .status = job.status,
                       .batch = job.batch,
                       .created_from = job.created_at,
                       .created_before = job.created_at + std::chrono::milliseconds{1},
                       .alive_at = job.created_at},
                      job));
  const std::vector<JobFilter> others{{.tenant = ""},
                                      {.queue = "default"},
                                      {.preset = "x"},
                                      {.filename = "x"},
                                      {.public_name = "x"},
                                      {.status = JobStatus::failed},
                                      {.batch = job.id},
                                      {.created_from = job.created_at + std::chrono::seconds{1}},
                                      {.created_before = job.created_at},
                                      {.alive_at = job.expires_at}};
  for (const auto& filter : others)
    EXPECT_FALSE(matches(filter, job)) << &filter - others.data();
}

}  // namespace
}  // namespace darkroom::persistence
