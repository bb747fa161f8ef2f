#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/catalogue.hpp"
#include "actors/ingest.hpp"
#include "imaging/backend.hpp"
#include "tests/actors/registry_fixture.hpp"

// Batches as clients of the ingest actor have them.

namespace darkroom::actors {
namespace {

using namespace std::chrono_literals;
using jobs::JobStatus;
using testing::HasSubstr;
using testing::SizeIs;

class BatchService : public RegistryFixture {
 protected:
  void start(RegistryOptions options = {}) {
    start_registry(std::move(options));
    catalogue_ = keep(
        system().spawn(catalogue, std::shared_ptr<persistence::JobStore>{store}, wall_clock()));
    caf::anon_send(registry, atom::catalogue_v, catalogue_);
    front = keep(system().spawn(ingest, std::vector{jobs::default_preset()},
                                std::chrono::milliseconds{24h}, wall_clock(),
                                MemoryLimit{&imaging::fast_backend(), std::uint64_t{64} << 20U}));
    caf::anon_send(front, atom::registry_v, ClientRegistryActor{registry});
    run();
  }

  NewBatch uploads(std::size_t count) {
    NewBatch batch{
        .id = jobs::JobId::generate(now()), .jobs = {}, .tenant = "anna", .metadata = "{}"};
    for (std::size_t i = 0; i < count; ++i) {
      auto& job = batch.jobs.emplace_back(
          NewJob{jobs::JobId::generate(now()), "default", jobs::Original{}});
      job.original.filename = "p" + std::to_string(i) + ".jpg";
      job.info.width = 400;
      job.info.height = 300;
      job.tenant = "anna";
    }
    return batch;
  }
  auto create_batch(const NewBatch& batch) {
    return ask<CreatedBatch>(front, atom::create_v, batch);
  }
  auto batch(const jobs::JobId& id) { return ask<BatchState>(front, atom::batch_v, id); }

  CatalogueActor catalogue_;
  IngestActor front;
};

TEST_F(BatchService, MakesTheJobsOfItsUploads) {
  start();
  const auto wanted = uploads(3);
  const auto created = create_batch(wanted);
  ASSERT_TRUE(created) << created.error().message;
  EXPECT_EQ(created->batch.id, wanted.id);
  EXPECT_EQ(created->batch.tenant, "anna");
  EXPECT_EQ(created->batch.metadata, "{}");
  EXPECT_EQ(created->batch.expires_at, now() + 24h);
  ASSERT_THAT(created->jobs, SizeIs(3));
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(created->jobs[i].original.filename, "p" + std::to_string(i) + ".jpg");
    EXPECT_EQ(created->jobs[i].batch, wanted.id);
    EXPECT_THAT(created->jobs[i].renditions, SizeIs(3));
    EXPECT_EQ(get(created->jobs[i].id), created->jobs[i]);
  }
  EXPECT_EQ(store->commits(), 1U) << "one for all of it";
}

TEST_F(BatchService, CountsItsJobsAndIsCompletedWithTheLast) {
  start();
  const auto created = create_batch(uploads(4)).value();
  const auto anna = join("anna", 2);
  ASSERT_THAT(*anna.tasks, SizeIs(2));
  ASSERT_TRUE(complete(anna, anna.tasks->at(0)));
  ASSERT_TRUE(fail(anna, anna.tasks->at(1), {jobs::ErrorKind::permanent, "no"}));
  ASSERT_TRUE(beat(anna, {}, 0));
  const auto half = batch(created.batch.id).value();
  EXPECT_EQ(half.count(JobStatus::completed), 1U);
  EXPECT_EQ(half.count(JobStatus::failed), 1U);
  EXPECT_EQ(half.deleted(), 0U);
  EXPECT_FALSE(half.batch.completed_at);
  for (const auto& job : created.jobs) {
    if (is_final(get(job.id).status)) continue;
    advance(10ms);
    ASSERT_TRUE(ask<jobs::Job>(front, atom::remove_v, job.id));
  }
  const auto whole = batch(created.batch.id).value();
  EXPECT_EQ(whole.deleted(), 2U);
  EXPECT_EQ(whole.batch.completed_at, now());
}

TEST_F(BatchService, AnExpiredOneIsGone) {
  start();
  const auto id = create_batch(uploads(1))->batch.id;
  EXPECT_EQ(batch(jobs::JobId::generate(now())).error().code, ServiceErrorCode::unknown_batch);
  jump(25h);
  EXPECT_EQ(batch(id).error().code, ServiceErrorCode::unknown_batch);
}

TEST_F(BatchService, IsNotAcknowledgedWhereItCannotBeWritten) {
  start();
  store->fail_from(1, {.code = persistence::StoreErrorCode::no_space, .message = "full"});
  const auto wanted = uploads(3);
  const auto refused = create_batch(wanted);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ServiceErrorCode::store_full);
  store->heal();
  EXPECT_EQ(batch(wanted.id).error().code, ServiceErrorCode::unknown_batch);
  for (const auto& job : wanted.jobs)
    EXPECT_FALSE(ask<jobs::Job>(front, atom::get_v, job.id));
  EXPECT_TRUE(create_batch(wanted)) << "it can be sent again";
}

TEST_F(BatchService, AFileThatCannotBeDoneIsNamed) {
  start();
  auto wanted = uploads(3);
  wanted.jobs[1].info.width = 30'000;
  wanted.jobs[1].info.height = 3'000;
  const auto refused = create_batch(wanted);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ServiceErrorCode::too_much_memory);
  EXPECT_THAT(refused.error().message, HasSubstr("File 2, \"p1.jpg\": "));
  EXPECT_FALSE(ask<jobs::Job>(front, atom::get_v, wanted.jobs[0].id));
}

TEST_F(BatchService, MoreThanOneMessageHoldsIsRefused) {
  start();
  auto wanted = uploads(3);
  for (auto& job : wanted.jobs)
    job.metadata = std::string(400'000, 'x');
  const auto refused = create_batch(wanted);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ServiceErrorCode::batch_too_large);
}

TEST_F(BatchService, ItsEndIsSentToWhoIsToBeTold) {
  RegistryOptions options;
  options.outbox.webhooks = true;
  start(options);
  auto wanted = uploads(2);
  wanted.callback_url = "https://example.com/hook";
  const auto created = create_batch(wanted).value();
  ASSERT_TRUE(ask<jobs::Job>(front, atom::cancel_v, created.jobs[0].id));
  EXPECT_TRUE(store->deliveries_of(wanted.id, 10)->empty());
  ASSERT_TRUE(ask<jobs::Job>(front, atom::cancel_v, created.jobs[1].id));
  ASSERT_TRUE(ask<jobs::Job>(front, atom::retry_v, created.jobs[1].id));
  ASSERT_TRUE(ask<jobs::Job>(front, atom::cancel_v, created.jobs[1].id));
  const auto told = store->deliveries_of(wanted.id, 10).value();
  ASSERT_THAT(told, SizeIs(1)) << "once";
  EXPECT_EQ(told[0].event, "batch.completed");
  EXPECT_EQ(told[0].target, "https://example.com/hook");
  EXPECT_EQ(told[0].tenant, "anna");
}

}  // namespace
}  // namespace darkroom::actors
