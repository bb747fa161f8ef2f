#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/actors/registry_fixture.hpp"

// What clients may do with a job once it is there, and how uploads may be repeated.

namespace darkroom::actors {
namespace {

using jobs::ErrorKind;
using jobs::JobStatus;
using std::chrono::hours;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class JobRegistryClientTest : public RegistryFixture {
 protected:
  JobRegistryClientTest() { start_registry(); }

  tl::expected<jobs::Job, ServiceError> cancel(const jobs::JobId& id) {
    return ask<jobs::Job>(registry, atom::cancel_v, id);
  }

  tl::expected<jobs::Job, ServiceError> retry(const jobs::JobId& id) {
    return ask<jobs::Job>(registry, atom::retry_v, id);
  }

  jobs::Job failed_job(const ScriptedWorker& worker) {
    const auto job = create();
    EXPECT_TRUE(fail(worker, worker.tasks->back(), {ErrorKind::permanent, "Corrupted."}));
    return get(job.id);
  }

  tl::expected<CreatedJob, ServiceError> upload(const std::string& key,
                                                const std::string& fingerprint) {
    auto job = new_job();
    job.idempotency = jobs::Idempotency{key, fingerprint};
    return ask<CreatedJob>(registry, atom::create_v, job);
  }
};

TEST_F(JobRegistryClientTest, ACancelledJobLeavesTheQueueAtOnce) {
  const auto job = create();
  const auto cancelled = cancel(job.id);
  ASSERT_TRUE(cancelled);
  EXPECT_EQ(cancelled->status, JobStatus::cancelled);
  EXPECT_EQ(store->get(job.id).value()->status, JobStatus::cancelled);
  EXPECT_THAT(*join("anna").tasks, IsEmpty());
  EXPECT_TRUE(cancel(job.id)) << "twice is harmless";
}

TEST_F(JobRegistryClientTest, TheWorkerOfACancelledJobIsToldAtOnce) {
  const auto anna = join("anna");
  const auto job = create();
  const auto task = anna.tasks->front();
  ASSERT_TRUE(cancel(job.id));
  EXPECT_THAT(*anna.cancelled, ElementsAre(task.token));
  EXPECT_EQ(complete(anna, task).error().code, ServiceErrorCode::stale_lease);
  EXPECT_EQ(get(job.id).status, JobStatus::cancelled);
  // Its slot is busy until it says otherwise.
  create();
  EXPECT_EQ(anna.tasks->size(), 1U);
  ASSERT_TRUE(beat(anna, {}));
  EXPECT_EQ(anna.tasks->size(), 2U);
}

TEST_F(JobRegistryClientTest, TheWorkerOfADeletedJobIsToldToo) {
  const auto anna = join("anna");
  const auto job = create();
  ASSERT_TRUE(ask<jobs::Job>(registry, atom::remove_v, job.id));
  EXPECT_EQ(anna.cancelled->size(), 1U);
}

TEST_F(JobRegistryClientTest, ACancellationThatCannotBeWrittenHasNotHappened) {
  const auto anna = join("anna");
  const auto job = create();
  store->fail_from(1, persistence::StoreError{persistence::StoreErrorCode::no_space, "full"});
  EXPECT_EQ(cancel(job.id).error().code, ServiceErrorCode::store_full);
  EXPECT_THAT(*anna.cancelled, IsEmpty());
  store->heal();
  EXPECT_TRUE(complete(anna, anna.tasks->front()));
}

TEST_F(JobRegistryClientTest, AFinishedJobCannotBeCancelled) {
  const auto anna = join("anna");
  const auto job = create();
  ASSERT_TRUE(complete(anna, anna.tasks->front()));
  const auto refused = cancel(job.id);
  EXPECT_EQ(refused.error().code, ServiceErrorCode::wrong_state);
  EXPECT_THAT(refused.error().message, HasSubstr("is completed"));
}

TEST_F(JobRegistryClientTest, AFailedJobIsSentAgain) {
  const auto anna = join("anna");
  const auto job = failed_job(anna);
  const auto again = retry(job.id);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->status, JobStatus::pending);
  ASSERT_EQ(anna.tasks->size(), 2U);
  EXPECT_EQ(anna.tasks->back().attempt, 2U);
  ASSERT_TRUE(complete(anna, anna.tasks->back()));
  EXPECT_EQ(get(job.id).status, JobStatus::completed);
  EXPECT_EQ(retry(job.id).error().code, ServiceErrorCode::wrong_state);
}

TEST_F(JobRegistryClientTest, AllFailedJobsAreSentAgainInBatches) {
  const auto anna = join("anna");
  std::vector<jobs::Job> failed;
  for (int i = 0; i < 5; ++i)
    failed.push_back(failed_job(anna));
  // Those of one millisecond have their ids in any order.
  std::ranges::sort(failed, {}, &jobs::Job::id);
  ASSERT_TRUE(ask<jobs::Job>(registry, atom::remove_v, create().id));
  kill(anna.actor);
  const auto some = [this](const jobs::JobId& after) {
    return ask<RetriedJobs>(registry, atom::retry_v, after, 3U).value();
  };
  const auto first = some({});
  EXPECT_EQ(first.sent, 3U);
  EXPECT_EQ(first.last, failed[2].id);
  const auto second = some(*first.last);
  EXPECT_EQ(second.sent, 2U);
  EXPECT_EQ(second.last, failed[4].id);
  const auto end = some(*second.last);
  EXPECT_EQ(end.sent, 0U);
  EXPECT_FALSE(end.last);
  for (const auto& job : failed)
    EXPECT_EQ(get(job.id).status, JobStatus::pending);
}

TEST_F(JobRegistryClientTest, NoMoreAreSentAgainThanTheQueueHasRoomFor) {
  kill(registry);
  RegistryOptions options;
  options.queue_limit = 2;
  start_registry(options);
  const auto anna = join("anna");
  for (int i = 0; i < 3; ++i)
    failed_job(anna);
  kill(anna.actor);
  const auto some = ask<RetriedJobs>(registry, atom::retry_v, jobs::JobId{}, 9U);
  ASSERT_TRUE(some);
  EXPECT_EQ(some->sent, 2U);
  ASSERT_TRUE(some->last);
  EXPECT_EQ(ask<RetriedJobs>(registry, atom::retry_v, *some->last, 9U).error().code,
            ServiceErrorCode::queue_full);
}

TEST_F(JobRegistryClientTest, TheSameUploadWithTheSameKeyIsTheSameJob) {
  const auto first = upload("key", "print");
  ASSERT_TRUE(first);
  EXPECT_FALSE(first->replayed);
  const auto anna = join("anna");
  ASSERT_TRUE(complete(anna, anna.tasks->front()));
  const auto second = upload("key", "print");
  ASSERT_TRUE(second);
  EXPECT_TRUE(second->replayed);
  EXPECT_EQ(second->job.id, first->job.id);
  EXPECT_EQ(second->job.status, JobStatus::completed) << "as it is now";
}

TEST_F(JobRegistryClientTest, TwoThatComeTogetherMakeOneJob) {
  caf::scoped_actor client{system()};
  for (int i = 0; i < 2; ++i) {
    auto job = new_job();
    job.idempotency = jobs::Idempotency{"key", "print"};
    client->send(registry, atom::create_v, job);
  }
  run();
  std::vector<CreatedJob> answers;
  client->receive_while([&] { return answers.size() < 2; })(
      [&](const CreatedJob& created) { answers.push_back(created); });
  EXPECT_EQ(answers[0].job.id, answers[1].job.id);
  EXPECT_NE(answers[0].replayed, answers[1].replayed);
}

TEST_F(JobRegistryClientTest, AnotherUploadWithTheSameKeyIsRefused) {
  const auto first = upload("key", "print");
  const auto second = upload("key", "another");
  EXPECT_EQ(second.error().code, ServiceErrorCode::key_reused);
  EXPECT_THAT(second.error().message, HasSubstr(first->job.id.to_string()));
}

TEST_F(JobRegistryClientTest, AKeyLivesAsLongAsItsJob) {
  const auto first = upload("key", "print");
  ASSERT_TRUE(ask<jobs::Job>(registry, atom::remove_v, first->job.id));
  const auto second = upload("key", "another");
  ASSERT_TRUE(second);
  EXPECT_NE(second->job.id, first->job.id);
  jump(hours{25});
  // Expired, but not swept yet.
  const auto third = upload("key", "a third");
  ASSERT_TRUE(third);
  EXPECT_FALSE(third->replayed);
  EXPECT_EQ(store->with_idempotency_key("", "key").value()->id, third->job.id);
}

TEST_F(JobRegistryClientTest, AKeyWhoseJobIsDeletedInTheSameBurstIsFree) {
  const auto first = upload("key", "print");
  caf::scoped_actor client{system()};
  client->send(registry, atom::remove_v, first->job.id);
  auto job = new_job();
  job.idempotency = jobs::Idempotency{"key", "another"};
  client->send(registry, atom::create_v, job);
  run();
  EXPECT_EQ(store->with_idempotency_key("", "key").value()->id, job.id);
}

TEST_F(JobRegistryClientTest, AKeyOutlivesTheRegistry) {
  const auto first = upload("key", "print");
  kill(registry);
  start_registry();
  EXPECT_EQ(upload("key", "print")->job.id, first->job.id);
}

TEST_F(JobRegistryClientTest, FindsResultsThatMayBeTaken) {
  auto first = new_job();
  first.original.sha256 = std::string(64, 'a');
  first.reusable = true;
  create(first);
  auto second = new_job();
  second.original.sha256 = first.original.sha256;
  const auto results = [&] { return ask<JobList>(registry, atom::results_v, second).value().jobs; };
  EXPECT_THAT(results(), IsEmpty());
  const auto anna = join("anna");
  ASSERT_TRUE(complete(anna, anna.tasks->front()));
  ASSERT_EQ(results().size(), 1U);
  ASSERT_TRUE(jobs::adopt_results(second, results().front(), now()));
  EXPECT_EQ(create(second).status, JobStatus::completed);
  EXPECT_EQ(get(second.id).reused_from, first.id);
  EXPECT_EQ(anna.tasks->size(), 1U) << "nothing is made again";
  jump(hours{25});
  EXPECT_THAT(results(), IsEmpty());
}

}  // namespace
}  // namespace darkroom::actors
