#include "actors/janitor.hpp"

#include <gtest/gtest.h>

#include "actors/job_registry.hpp"
#include "persistence/blob_census.hpp"
#include "tests/actors/registry_fixture.hpp"
#include "tests/files/temporary_folder.hpp"

namespace darkroom::actors {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class JanitorTest : public RegistryFixture {
 protected:
  JanitorTest() {
    // Blobs carry the real time, so the wall clock here is the real one, moved forward by a test.
    registry = keep(system().spawn(job_registry, std::shared_ptr<persistence::JobStore>{store},
                                   RegistryOptions{}, clock()));
    actor = keep(system().spawn(janitor, blobs, job_store(), janitor_options(), clock()));
    caf::anon_send(actor, atom::registry_v, JanitorRegistryActor{registry});
    run();
  }

  std::shared_ptr<const persistence::JobStore> job_store() const { return store; }

  JanitorOptions janitor_options() const {
    JanitorOptions options;
    options.census = census;
    return options;
  }

  jobs::WallClock clock() {
    return [this] { return jobs::system_now() + passed; };
  }

  jobs::Job create_with_original() {
    const auto id = jobs::JobId::generate(jobs::system_now());
    jobs::Original original;
    original.blob_key = jobs::original_key(id, "jpg");
    put(original.blob_key);
    return ask<CreatedJob>(
               registry, atom::create_v,
               jobs::make_job(id, jobs::default_preset(), original, jobs::system_now(), hours{24}))
        .value()
        .job;
  }

  void put(const std::string& key) {
    auto writer = std::move(blobs->create().value());
    ASSERT_TRUE(writer->write(std::as_bytes(std::span{key})));
    ASSERT_TRUE(writer->finish());
    ASSERT_TRUE(writer->commit(key));
  }

  bool exists(const std::string& key) { return blobs->open(key).has_value(); }

  JanitorReport sweep() { return ask<JanitorReport>(actor, atom::sweep_v).value(); }

  tests::TemporaryFolder folder;
  std::shared_ptr<persistence::BlobStore> blobs =
      std::move(persistence::open_file_blob_store(folder.path()).value());
  std::shared_ptr<persistence::BlobCensus> census = std::make_shared<persistence::BlobCensus>();
  std::chrono::milliseconds passed{0};
  JanitorActor actor;
};

TEST_F(JanitorTest, RemovesFoundJobsWithTheirBlobs) {
  const auto job = create_with_original();
  put(jobs::rendition_key(job.id, job.renditions[0].spec, 1));
  passed = hours{23};
  EXPECT_EQ(sweep().expired_jobs, 0U);
  EXPECT_TRUE(exists(job.original.blob_key));

  passed = hours{24} + minutes{1};
  const auto report = sweep();
  EXPECT_EQ(report.expired_jobs, 1U);
  EXPECT_EQ(report.orphaned_blobs, 0U) << "the blobs went as orphans, not with their job";
  EXPECT_FALSE(store->get(job.id).value().has_value());
  EXPECT_FALSE(exists(job.original.blob_key));
  EXPECT_FALSE(exists(jobs::rendition_key(job.id, job.renditions[0].spec, 1)));
}

TEST_F(JanitorTest, RemovesAtOnceWhatItIsToldToDiscard) {
  put("uploads/resized/a.jpg");
  put("uploads/resized/b.jpg");
  caf::anon_send(actor, atom::discard_v, std::string{"uploads/resized/a.jpg"});
  run();
  EXPECT_FALSE(exists("uploads/resized/a.jpg"));
  EXPECT_TRUE(exists("uploads/resized/b.jpg"));
}

TEST_F(JanitorTest, RemovesMoreThanOneBatch) {
  for (int i = 0; i < 1'200; ++i) {
    caf::anon_send(registry, atom::create_v,
                   jobs::make_job(jobs::JobId::generate(jobs::system_now()), jobs::default_preset(),
                                  {}, jobs::system_now(), hours{24}));
  }
  run();
  passed = hours{25};
  EXPECT_EQ(sweep().expired_jobs, 1'200U);
}

TEST_F(JanitorTest, RemovesBatchesBehindTheirJobs) {
  jobs::Batch batch{.id = jobs::JobId::generate(jobs::system_now())};
  const auto job = jobs::make_job(jobs::JobId::generate(jobs::system_now()), jobs::default_preset(),
                                  {}, jobs::system_now(), hours{24}, {.batch = batch.id});
  ASSERT_TRUE(ask<CreatedBatch>(registry, atom::create_v, batch, JobList{{job}}));
  passed = hours{23};
  EXPECT_EQ(sweep().expired_records, 0U);
  passed = hours{24} + minutes{1};
  EXPECT_EQ(sweep().expired_records, 1U);
  EXPECT_EQ(store->batch(batch.id).value(), std::nullopt);
}

TEST_F(JanitorTest, RemovesBlobsWithoutAJobOnceTheyAreOld) {
  const auto live = create_with_original();
  const auto orphan = jobs::original_key(jobs::JobId::generate(jobs::system_now()), "jpg");
  put(orphan);
  EXPECT_EQ(sweep().orphaned_blobs, 0U);
  EXPECT_TRUE(exists(orphan));

  passed = minutes{61};
  EXPECT_EQ(sweep().orphaned_blobs, 1U);
  EXPECT_FALSE(exists(orphan));
  EXPECT_TRUE(exists(live.original.blob_key));
}

TEST_F(JanitorTest, RemovesTemporaryFilesWhoseWritersDied) {
  auto writer = std::move(blobs->create().value());
  EXPECT_EQ(sweep().stale_temporaries, 0U);
  passed = minutes{61};
  EXPECT_EQ(sweep().stale_temporaries, 1U);
}

JanitorRegistryActor::behavior_type keep_questions(
    const std::shared_ptr<std::vector<std::string>>& questions) {
  return {[](atom::expire, std::uint32_t) { return JobList{}; },
          [](atom::due, std::uint32_t) { return JobList{}; },
          [questions](atom::orphans, const KeyList& keys) {
            questions->insert(questions->end(), keys.keys.begin(), keys.keys.end());
            return KeyList{};
          },
          [](atom::records, std::uint32_t) { return std::uint32_t{0}; }};
}

TEST_F(JanitorTest, AsksTheRegistryOnlyAboutBlobsThatNoStoredJobNeeds) {
  create_with_original();
  const auto orphan = jobs::original_key(jobs::JobId::generate(jobs::system_now()), "jpg");
  put(orphan);
  const auto questions = std::make_shared<std::vector<std::string>>();
  const auto scripted = keep(system().spawn(keep_questions, questions));
  caf::anon_send(actor, atom::registry_v, scripted);
  passed = hours{2};
  sweep();
  EXPECT_EQ(*questions, std::vector{orphan});
}

TEST_F(JanitorTest, SaysSoWhenThereIsNoRegistryToAsk) {
  const auto alone = keep(system().spawn(janitor, blobs, job_store(), JanitorOptions{}, clock()));
  EXPECT_EQ(ask<JanitorReport>(alone, atom::sweep_v).error().code, ServiceErrorCode::unavailable);
}

TEST_F(JanitorTest, SweepsSoonAfterTheStartAndThenEveryHour) {
  const auto first = create_with_original();
  passed = hours{25};
  advance(minutes{2});
  EXPECT_FALSE(exists(first.original.blob_key));

  const auto second = create_with_original();
  passed = hours{50};
  advance(minutes{55});
  EXPECT_TRUE(exists(second.original.blob_key));
  advance(minutes{10});
  EXPECT_FALSE(exists(second.original.blob_key));
}

class JanitorOnAFullDiskTest : public JanitorTest {
 protected:
  void fill_the_disk() {
    store->fail_from(1, persistence::StoreError{persistence::StoreErrorCode::no_space, "full"});
  }
};

TEST_F(JanitorOnAFullDiskTest, FreesWhatNeedsNoRoom) {
  const auto job = create_with_original();
  const auto orphan = jobs::original_key(jobs::JobId::generate(jobs::system_now()), "jpg");
  put(orphan);
  const auto writer = std::move(blobs->create().value());
  passed = hours{25};
  fill_the_disk();

  const auto report = sweep();
  EXPECT_GT(report.errors, 0U);
  EXPECT_EQ(report.expired_jobs, 0U);
  EXPECT_FALSE(exists(job.original.blob_key));
  EXPECT_FALSE(exists(orphan));
  EXPECT_EQ(report.stale_temporaries, 1U);
  EXPECT_TRUE(store->get(job.id).value().has_value());

  store->heal();
  EXPECT_EQ(sweep().expired_jobs, 1U);
  EXPECT_FALSE(store->get(job.id).value().has_value());
}

TEST_F(JanitorOnAFullDiskTest, TriesAgainSoonerThanInAnHour) {
  const auto job = create_with_original();
  passed = hours{25};
  fill_the_disk();
  advance(minutes{2});
  store->heal();
  advance(minutes{5});
  EXPECT_FALSE(store->get(job.id).value().has_value());
}

TEST_F(JanitorTest, AnswersWhoWaitsWhenItIsStopped) {
  for (int i = 0; i < 20; ++i)
    put(jobs::original_key(jobs::JobId::generate(jobs::system_now()), "jpg"));
  caf::scoped_actor self{system()};
  auto request = self->request(actor, std::chrono::seconds{3'600}, atom::sweep_v);
  kill(registry);  // Nobody will answer the janitor.
  kill(actor, caf::exit_reason::user_shutdown);
  request.receive([](const JanitorReport&) {},
                  [](const caf::error& error) {
                    EXPECT_EQ(to_service_error(error).code, ServiceErrorCode::unavailable);
                  });
}

TEST_F(JanitorTest, CountsTheBlobsThatItLooksAt) {
  EXPECT_EQ(census->latest(), std::nullopt) << "before its first round";
  const auto job = create_with_original();
  sweep();
  const auto first = census->latest();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->blobs, 1U);
  EXPECT_EQ(first->bytes, job.original.blob_key.size()) << "which is what is in it";
  create_with_original();
  sweep();
  EXPECT_EQ(census->latest()->blobs, 2U) << "each round anew";
}

}  // namespace
}  // namespace darkroom::actors
