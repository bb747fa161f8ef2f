#include "actors/catalogue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/ingest.hpp"
#include "actors/registry_link.hpp"
#include "tests/actors/registry_fixture.hpp"

// What clients find of the stored jobs, and what they do to all of a kind.

namespace darkroom::actors {
namespace {

using namespace std::chrono_literals;
using jobs::JobStatus;
using persistence::JobFilter;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const jobs::JobId from_the_newest;

class CatalogueTest : public RegistryFixture {
 protected:
  CatalogueTest() {
    RegistryOptions options;
    options.batch_limit = 5;
    start_registry(options);
    start_catalogue();
    front = keep(system().spawn(ingest, std::vector{jobs::default_preset()},
                                std::chrono::milliseconds{24h}, wall_clock(), MemoryLimit{}));
    caf::anon_send(front, atom::registry_v, ClientRegistryActor{registry});
    run();
  }

  void start_catalogue() {
    actor = keep(
        system().spawn(catalogue, std::shared_ptr<persistence::JobStore>{store}, wall_clock()));
    caf::anon_send(registry, atom::catalogue_v, actor);
    run();
  }

  jobs::Job create_of(const std::string& tenant, const std::string& filename = "photo.jpg") {
    advance(10ms);
    auto job = new_job();
    job.tenant = tenant;
    job.original.filename = filename;
    return create(job);
  }

  std::vector<jobs::JobId> found(const JobFilter& filter) {
    std::vector<jobs::JobId> ids;
    JobQuery query{.filter = filter, .before = {}, .limit = 3};
    do {
      const auto page = ask<JobPage>(front, atom::list_v, query);
      EXPECT_TRUE(page) << page.error().message;
      if (!page) return ids;
      for (const auto& job : page->jobs)
        ids.push_back(job.id);
      query.before = page->next;
    } while (query.before);
    return ids;
  }

  /// One worker fails that many jobs, one after the other, for good.
  void fail_jobs(std::size_t count) {
    const auto anna = join("anna");
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_TRUE(fail(anna, anna.tasks->back(), {jobs::ErrorKind::permanent, "no"}));
      ASSERT_TRUE(beat(anna, {}));
      run();
    }
    kill(anna.actor);
  }

  CatalogueActor actor;
  IngestActor front;
};

TEST_F(CatalogueTest, FindsWhatIsThereAsSoonAsItIsAcknowledged) {
  const auto first = create_of("");
  EXPECT_THAT(found({}), ElementsAre(first.id));
  const auto second = create_of("", "other.jpg");
  EXPECT_THAT(found({}), ElementsAre(second.id, first.id));
  EXPECT_THAT(found({.filename = "photo.jpg"}), ElementsAre(first.id));
  ASSERT_TRUE(ask<jobs::Job>(front, atom::cancel_v, second.id));
  EXPECT_THAT(found({.status = JobStatus::cancelled}), ElementsAre(second.id));
  EXPECT_THAT(found({.status = JobStatus::pending}), ElementsAre(first.id));
  ASSERT_TRUE(ask<jobs::Job>(front, atom::remove_v, first.id));
  EXPECT_THAT(found({}), ElementsAre(second.id));
}

TEST_F(CatalogueTest, AnExpiredJobIsGone) {
  create_of("");
  jump(25h);
  EXPECT_THAT(found({}), IsEmpty());
}

TEST_F(CatalogueTest, GoesByPagesThatFitIntoAMessage) {
  auto large = new_job();
  large.metadata = std::string(400'000, 'x');
  std::vector<jobs::JobId> ids;
  for (int i = 0; i < 5; ++i) {
    advance(10ms);
    large.id = jobs::JobId::generate(now());
    create(large);
    ids.insert(ids.begin(), large.id);
  }
  const auto page = ask<JobPage>(front, atom::list_v, JobQuery{.filter = {}, .limit = 200});
  ASSERT_TRUE(page);
  EXPECT_THAT(page->jobs, SizeIs(1)) << "two would be more than 768 KiB";
  EXPECT_EQ(page->next, page->jobs.back().id);
  EXPECT_EQ(found({}), ids);
}

TEST_F(CatalogueTest, AnswersNoMoreThanItsLimitAndNoLess) {
  for (int i = 0; i < 4; ++i)
    create_of("");
  EXPECT_THAT(ask<JobPage>(front, atom::list_v, JobQuery{.filter = {}, .limit = 0})->jobs,
              SizeIs(1));
  EXPECT_THAT(ask<JobPage>(front, atom::list_v, JobQuery{.filter = {}, .limit = 1'000'000})->jobs,
              SizeIs(4));
}

TEST_F(CatalogueTest, IsUnavailableWhileItRestarts) {
  const auto job = create_of("");
  kill(actor);
  const auto answer = ask<JobPage>(front, atom::list_v, JobQuery{});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ServiceErrorCode::unavailable);
  start_catalogue();
  EXPECT_THAT(found({}), ElementsAre(job.id));
}

TEST_F(CatalogueTest, AnswersOtherNodesThroughTheirLink) {
  const auto job = create_of("anna");
  RegistryLinkConfig config;
  config.hello = {.node = {"paris", 7}, .role = NodeRole::ingest, .version = "1"};
  config.connect = [this](RegistryLinkActor::pointer,
                          const std::function<void(ClusterRegistryActor)>& connected,
                          const std::function<void(std::string)>&) { connected(registry); };
  const auto link = keep(system().spawn(registry_link, std::move(config)));
  advance(10ms);
  const JobFilter filter{.tenant = "anna"};
  const auto page = ask<JobPage>(link, atom::list_v, JobQuery{.filter = filter});
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_THAT(page->jobs, ElementsAre(job));
  EXPECT_TRUE(ask<BulkDone>(link, atom::retry_v, filter, from_the_newest, std::uint32_t{9}));
  const auto removed =
      ask<BulkRemoved>(link, atom::remove_v, filter, from_the_newest, std::uint32_t{9});
  ASSERT_TRUE(removed) << removed.error().message;
  EXPECT_THAT(removed->jobs, SizeIs(1));
}

TEST_F(CatalogueTest, TenantsNeverMix) {
  const auto annas = create_of("anna");
  const auto berts = create_of("bert");
  const auto nobodys = create_of("");
  EXPECT_THAT(found({.tenant = "anna"}), ElementsAre(annas.id));
  EXPECT_THAT(found({.tenant = "bert", .filename = "photo.jpg"}), ElementsAre(berts.id));
  EXPECT_THAT(found({.tenant = "", .filename = "photo.jpg"}), ElementsAre(nobodys.id));
  EXPECT_THAT(found({.filename = "photo.jpg"}), ElementsAre(nobodys.id, berts.id, annas.id));
  for (const auto& id : {annas.id, berts.id, nobodys.id})
    ASSERT_TRUE(ask<jobs::Job>(front, atom::cancel_v, id));
  const JobFilter annas_own{.tenant = "anna"};
  EXPECT_EQ(ask<BulkDone>(front, atom::retry_v, annas_own, from_the_newest, std::uint32_t{9})->done,
            1U);
  EXPECT_EQ(get(berts.id).status, JobStatus::cancelled);
  EXPECT_THAT(
      ask<BulkRemoved>(front, atom::remove_v, annas_own, from_the_newest, std::uint32_t{9})->jobs,
      SizeIs(1));
  EXPECT_THAT(found({}), ElementsAre(nobodys.id, berts.id));
}

TEST_F(CatalogueTest, SendsAllOfAFilterAgainInSteps) {
  constexpr std::size_t count = 12;
  for (std::size_t i = 0; i < count; ++i)
    create_of("");
  fail_jobs(count);
  ASSERT_THAT(found({.status = JobStatus::failed}), SizeIs(count));
  std::uint32_t done = 0;
  int steps = 0;
  jobs::JobId after;
  while (true) {
    const auto step = ask<BulkDone>(front, atom::retry_v, JobFilter{.status = JobStatus::failed},
                                    after, std::uint32_t{1'000});
    ASSERT_TRUE(step) << step.error().message;
    EXPECT_LE(step->done, 5U) << "no more than a batch";
    done += step->done;
    ++steps;
    if (!step->last) break;
    after = *step->last;
  }
  EXPECT_EQ(done, count);
  EXPECT_EQ(steps, 3);
  EXPECT_THAT(found({.status = JobStatus::failed}), IsEmpty());
}

TEST_F(CatalogueTest, SendsNothingAgainThatRunsOrIsDone) {
  const auto anna = join("anna");
  const auto running = create_of("");
  const auto done = ask<BulkDone>(front, atom::retry_v, JobFilter{.filename = "photo.jpg"},
                                  from_the_newest, std::uint32_t{9});
  ASSERT_TRUE(done);
  EXPECT_EQ(done->done, 0U);
  EXPECT_EQ(get(running.id).status, JobStatus::processing);
}

TEST_F(CatalogueTest, SendsAsManyAgainAsThereIsRoomFor) {
  kill(registry);
  RegistryOptions options;
  options.queue_limit = 3;
  start_registry(options);
  caf::anon_send(front, atom::registry_v, ClientRegistryActor{registry});
  start_catalogue();
  for (int i = 0; i < 5; ++i) {
    const auto job = create_of("");
    ASSERT_TRUE(ask<jobs::Job>(front, atom::cancel_v, job.id));
  }
  const JobFilter cancelled{.status = JobStatus::cancelled};
  const auto step =
      ask<BulkDone>(front, atom::retry_v, cancelled, from_the_newest, std::uint32_t{9});
  ASSERT_TRUE(step);
  EXPECT_EQ(step->done, 3U);
  ASSERT_TRUE(step->last);
  EXPECT_EQ(
      ask<BulkDone>(front, atom::retry_v, cancelled, *step->last, std::uint32_t{9}).error().code,
      ServiceErrorCode::queue_full);
}

TEST_F(CatalogueTest, RemovesAllOfAFilterAndTellsTheWorker) {
  const auto kept = create_of("", "keep.jpg");
  ASSERT_TRUE(ask<jobs::Job>(front, atom::cancel_v, kept.id));
  const auto anna = join("anna");
  const auto running = create_of("");
  const auto waiting = create_of("");
  ASSERT_THAT(*anna.tasks, SizeIs(1));
  const auto step = ask<BulkRemoved>(front, atom::remove_v, JobFilter{.filename = "photo.jpg"},
                                     from_the_newest, std::uint32_t{9});
  run();
  ASSERT_TRUE(step) << step.error().message;
  EXPECT_EQ(step->next, std::nullopt);
  ASSERT_THAT(step->jobs, SizeIs(2));
  EXPECT_EQ(step->jobs[0].id, waiting.id);
  EXPECT_EQ(step->jobs[1].lease->token, anna.tasks->front().token) << "as it was";
  EXPECT_THAT(*anna.cancelled, ElementsAre(anna.tasks->front().token));
  EXPECT_THAT(found({}), ElementsAre(kept.id));
  EXPECT_EQ(ask<ServiceStatus>(registry, atom::status_v)->processing, 0U);
}

TEST_F(CatalogueTest, WhatCouldNotBeWrittenIsThereStill) {
  const auto job = create_of("");
  store->fail_from(1, {.code = persistence::StoreErrorCode::no_space, .message = "full"});
  const auto step =
      ask<BulkRemoved>(front, atom::remove_v, JobFilter{}, from_the_newest, std::uint32_t{9});
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().code, ServiceErrorCode::store_full);
  EXPECT_THAT(found({}), ElementsAre(job.id));
  EXPECT_EQ(get(job.id).status, JobStatus::pending);
}

}  // namespace
}  // namespace darkroom::actors
