#include <memory>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/registry_ledger.hpp"
#include "jobs/transitions.hpp"
#include "persistence/job_store.hpp"
#include "persistence/packed_job.hpp"
#include "tests/persistence/faulty_job_store.hpp"

// What the ledger puts into the outbox, and what becomes of it there.

namespace darkroom::actors {
namespace {

using namespace std::chrono_literals;
using jobs::Delivery;
using jobs::DeliveryStatus;
using jobs::DeliveryVerdict;
using testing::IsEmpty;
using testing::SizeIs;

RegistryOptions with_outbox() {
  RegistryOptions options;
  options.random = [] { return 0.0; };
  options.outbox.webhooks = true;
  options.outbox.max_tries = 3;
  return options;
}

class RegistryDeliveries : public testing::Test {
 protected:
  RegistryDeliveries() { begin(with_outbox()); }

  void begin(RegistryOptions options) {
    ledger.emplace(store, std::move(options));
    ASSERT_TRUE(ledger->load(now));
    ASSERT_TRUE(ledger->join({.worker = worker, .slots = 9, .accepts = 9, .held = {}}, now));
  }

  jobs::Job new_job(const std::string& callback_url = "https://example.com/hook") {
    auto job = jobs::make_job(jobs::JobId::generate(now.wall), jobs::default_preset(),
                              jobs::Original{}, now.wall, 24h);
    job.callback_url = callback_url;
    job.tenant = "anna";
    return job;
  }

  void commit() { ledger->end_commit(store->commit(ledger->begin_commit()), now); }

  /// Creates the job, and has the worker begin with it; both are written.
  Task begun(const jobs::Job& job) {
    EXPECT_TRUE(ledger->create(job, now));
    const auto assigned = ledger->assign(now);
    commit();
    return assigned.at(0).task;
  }

  JobReport report(const Task& task, JobOutcome outcome) const {
    JobReport report{worker, task.job, task.token, outcome, {}, {}};
    if (outcome == JobOutcome::failed) {
      report.error = {jobs::ErrorKind::permanent, "The picture is broken."};
      return report;
    }
    for (const auto& spec : task.renditions) {
      jobs::RenditionResult result;
      result.name = spec.name;
      report.results.push_back(result);
    }
    return report;
  }

  std::vector<Delivery> stored(const jobs::JobId& subject) const {
    return store->deliveries_of(subject, 9).value();
  }

  std::vector<Delivery> due() const {
    return store->due_deliveries(now.wall, std::nullopt, 9)->deliveries;
  }

  Delivery only_one(const jobs::JobId& subject) const {
    const auto found = stored(subject);
    EXPECT_THAT(found, SizeIs(1));
    return found.at(0);
  }

  /// A delivery about a completed job, written.
  Delivery completed() {
    const auto task = begun(new_job());
    EXPECT_TRUE(ledger->finish(report(task, JobOutcome::completed), now));
    commit();
    return only_one(task.job);
  }

  void note(const Delivery& delivery, DeliveryVerdict verdict, std::uint32_t status = 0) {
    EXPECT_TRUE(ledger->note_try(outcome(delivery, verdict, status), now));
  }

  DeliveryOutcome outcome(const Delivery& delivery, DeliveryVerdict verdict,
                          std::uint32_t status = 0) const {
    const bool taken = verdict == DeliveryVerdict::delivered;
    return {delivery.id,
            {.attempt =
                 {.at = now.wall, .status = status, .error = taken ? "" : "no", .milliseconds = 40},
             .verdict = verdict}};
  }

  const DeliveryCounts& webhooks() {
    counts = ledger->status(now).counts.webhooks;
    return counts;
  }

  std::uint64_t tries_with(DeliveryStatus after) {
    return webhooks().tries.at(static_cast<std::size_t>(after));
  }

  std::shared_ptr<persistence::FaultyJobStore> store =
      std::make_shared<persistence::FaultyJobStore>(persistence::make_memory_job_store());
  Now now{.wall = jobs::system_now(), .steady = std::chrono::steady_clock::now()};
  jobs::WorkerId worker{"worker-1", 1};
  std::optional<RegistryLedger> ledger;
  DeliveryCounts counts;
};

TEST_F(RegistryDeliveries, AreWrittenInTheSameStepAsTheEndOfTheirJob) {
  const auto task = begun(new_job());
  EXPECT_THAT(stored(task.job), IsEmpty());
  ASSERT_TRUE(ledger->finish(report(task, JobOutcome::completed), now));
  const auto batch = ledger->begin_commit();
  ASSERT_THAT(batch.jobs, SizeIs(1));
  ASSERT_THAT(batch.records, SizeIs(1));
  ledger->end_commit(store->commit(batch), now);
  const auto delivery = only_one(task.job);
  EXPECT_EQ(delivery.event, "job.completed");
  EXPECT_EQ(delivery.channel, "webhook");
  EXPECT_EQ(delivery.target, "https://example.com/hook");
  EXPECT_EQ(delivery.tenant, "anna");
  EXPECT_EQ(delivery.status, DeliveryStatus::pending);
  EXPECT_EQ(delivery.created_at, now.wall);
  EXPECT_EQ(delivery.expires_at, now.wall + 168h);
  EXPECT_EQ(persistence::unpack_job(delivery.body).value(), store->get(task.job)->value());
  EXPECT_THAT(due(), SizeIs(1));
}

TEST_F(RegistryDeliveries, TellOfAFailureAndOfAnUploadWhoseResultsWereThere) {
  const auto task = begun(new_job());
  ASSERT_TRUE(ledger->finish(report(task, JobOutcome::failed), now));
  commit();
  EXPECT_EQ(only_one(task.job).event, "job.failed");
  auto job = new_job();
  job.status = jobs::JobStatus::completed;
  job.completed_at = now.wall;
  ASSERT_TRUE(ledger->create(job, now));
  commit();
  EXPECT_EQ(only_one(job.id).event, "job.completed");
}

TEST_F(RegistryDeliveries, TellNothingOfACancellationNorWithoutAReceiver) {
  const auto cancelled = begun(new_job());
  ASSERT_TRUE(ledger->cancel(cancelled.job, now));
  const auto quiet = begun(new_job(""));
  ASSERT_TRUE(ledger->finish(report(quiet, JobOutcome::completed), now));
  commit();
  EXPECT_THAT(stored(cancelled.job), IsEmpty());
  EXPECT_THAT(stored(quiet.job), IsEmpty());
}

TEST_F(RegistryDeliveries, GoWithTheEndThatCouldNotBeWritten) {
  const auto task = begun(new_job());
  ASSERT_TRUE(ledger->finish(report(task, JobOutcome::completed), now));
  EXPECT_THAT(ledger->begin_commit().records, SizeIs(1));
  ledger->end_commit(tl::unexpected{persistence::StoreError{
                         .code = persistence::StoreErrorCode::no_space, .message = "full"}},
                     now);
  EXPECT_TRUE(ledger->begin_commit().empty());
  // The worker tells it again, and then there is one and no more.
  ASSERT_TRUE(ledger->finish(report(task, JobOutcome::completed), now));
  commit();
  EXPECT_THAT(stored(task.job), SizeIs(1));
}

TEST_F(RegistryDeliveries, TellOfEachEndOfAJobThatIsSentAgain) {
  const auto task = begun(new_job());
  ASSERT_TRUE(ledger->finish(report(task, JobOutcome::failed), now));
  commit();
  now.wall += 1s;
  ASSERT_TRUE(ledger->retry(task.job, now));
  const auto again = ledger->assign(now);
  ASSERT_THAT(again, SizeIs(1));
  commit();
  EXPECT_THAT(stored(task.job), SizeIs(1));
  ASSERT_TRUE(ledger->finish(report(again.at(0).task, JobOutcome::completed), now));
  commit();
  const auto found = stored(task.job);
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].event, "job.completed") << "the newest first";
  EXPECT_EQ(found[1].event, "job.failed");
}

TEST_F(RegistryDeliveries, GoWhereTheConfigurationSaysUnlessTheJobDoes) {
  auto options = with_outbox();
  options.outbox.url = "https://example.com/all";
  options.outbox.emails = true;
  options.outbox.email_to = "ops@example.com";
  begin(options);
  const auto targets = [&](const jobs::JobId& id) {
    std::set<std::string> found;
    for (const auto& delivery : stored(id))
      found.insert(delivery.channel + " " + delivery.target);
    return found;
  };
  const auto plain = begun(new_job(""));
  auto named = new_job("https://example.com/own");
  named.email = "anna@example.com";
  const auto own = begun(named);
  for (const auto& task : {plain, own})
    ASSERT_TRUE(ledger->finish(report(task, JobOutcome::completed), now));
  commit();
  EXPECT_THAT(targets(plain.job),
              testing::ElementsAre("email ops@example.com", "webhook https://example.com/all"));
  EXPECT_THAT(targets(own.job),
              testing::ElementsAre("email anna@example.com", "webhook https://example.com/own"));
}

TEST_F(RegistryDeliveries, MailGoesOfTheEndsThatItIsWantedOf) {
  const std::pair<EmailOn, std::size_t> wanted[] = {
      {EmailOn::all, 2}, {EmailOn::completed, 1}, {EmailOn::failed, 1}};
  for (const auto& [on, count] : wanted) {
    auto options = with_outbox();
    options.outbox = {.emails = true, .email_to = "ops@example.com", .email_on = on};
    begin(options);
    std::vector<Delivery> found;
    for (const auto outcome : {JobOutcome::completed, JobOutcome::failed}) {
      const auto task = begun(new_job(""));
      ASSERT_TRUE(ledger->finish(report(task, outcome), now));
      commit();
      for (auto& delivery : stored(task.job))
        found.push_back(std::move(delivery));
    }
    ASSERT_THAT(found, SizeIs(count));
    if (on == EmailOn::completed) {
      EXPECT_EQ(found[0].event, "job.completed");
    } else if (on == EmailOn::failed) {
      EXPECT_EQ(found[0].event, "job.failed");
    }
  }
}

TEST_F(RegistryDeliveries, ACallbackIsRefusedWhereNothingCanBeSigned) {
  begin({});
  const auto refused = ledger->create(new_job(), now);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ServiceErrorCode::no_callbacks);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("webhook.secret"));
  EXPECT_TRUE(ledger->create(new_job(""), now));
}

TEST_F(RegistryDeliveries, ATryIsKeptWithWhatFollowsFromIt) {
  const auto delivery = completed();
  note(delivery, DeliveryVerdict::retry, 503);
  commit();
  auto tried = only_one(delivery.subject);
  EXPECT_EQ(tried.status, DeliveryStatus::pending);
  EXPECT_EQ(tried.due_at, now.wall + 5s);
  ASSERT_THAT(tried.tries, SizeIs(1));
  EXPECT_EQ(tried.tries[0].status, 503U);
  EXPECT_THAT(due(), IsEmpty());
  now.wall += 5s;
  EXPECT_THAT(due(), SizeIs(1));
  note(delivery, DeliveryVerdict::delivered, 200);
  commit();
  EXPECT_EQ(only_one(delivery.subject).status, DeliveryStatus::delivered);
  EXPECT_THAT(due(), IsEmpty());
}

TEST_F(RegistryDeliveries, SeveralTriesAreNoMoreThanAreAllowed) {
  const auto delivery = completed();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(only_one(delivery.subject).status, DeliveryStatus::pending);
    note(delivery, DeliveryVerdict::retry);
    commit();
    now.wall = only_one(delivery.subject).due_at;
  }
  EXPECT_EQ(only_one(delivery.subject).status, DeliveryStatus::failed);
}

TEST_F(RegistryDeliveries, ATryWhoseAnswerWasLostCountsOnce) {
  const auto delivery = completed();
  const auto told = outcome(delivery, DeliveryVerdict::retry, 503);
  ASSERT_TRUE(ledger->note_try(told, now));
  // It is on its way to the store, and then there.
  const auto batch = ledger->begin_commit();
  ASSERT_TRUE(ledger->note_try(told, now));
  EXPECT_EQ(ledger->staged(), 0U);
  ledger->end_commit(store->commit(batch), now);
  const auto once = only_one(delivery.subject);
  now.wall += 31s;
  ASSERT_TRUE(ledger->note_try(told, now));
  EXPECT_EQ(ledger->staged(), 0U);
  commit();
  EXPECT_EQ(only_one(delivery.subject), once);
  EXPECT_EQ(tries_with(DeliveryStatus::pending), 1U);
}

TEST_F(RegistryDeliveries, OneThatIsSentAgainWhileItIsTriedIsDueAfterThat) {
  const auto delivery = completed();
  const auto running = outcome(delivery, DeliveryVerdict::delivered, 200);
  now.wall += 3s;
  ASSERT_TRUE(ledger->replay(delivery.subject, delivery.id, now));
  commit();
  now.wall += 10s;
  ASSERT_TRUE(ledger->note_try(running, now));
  commit();
  EXPECT_THAT(due(), SizeIs(1));
  EXPECT_EQ(only_one(delivery.subject).status, DeliveryStatus::pending);
  EXPECT_EQ(tries_with(DeliveryStatus::delivered), 1U);
}

TEST_F(RegistryDeliveries, GoWithAJobThatIsDeleted) {
  const auto waiting = completed();
  const auto other = completed();
  const auto over = completed();
  note(over, DeliveryVerdict::delivered, 200);
  commit();
  for (const auto& delivery : {waiting, over})
    ASSERT_TRUE(ledger->remove(delivery.subject, now));
  commit();
  EXPECT_THAT(stored(waiting.subject), IsEmpty());
  EXPECT_THAT(stored(over.subject), IsEmpty()) << "it holds what the job was";
  EXPECT_THAT(due(), testing::ElementsAre(only_one(other.subject)));
  // One that is being sent meanwhile leaves no trace.
  now.wall += 1s;
  note(waiting, DeliveryVerdict::retry);
  EXPECT_TRUE(ledger->begin_commit().empty());
}

TEST_F(RegistryDeliveries, GoWithAJobThatIsDeletedWhileTheyAreBeingWritten) {
  const auto task = begun(new_job());
  ASSERT_TRUE(ledger->finish(report(task, JobOutcome::completed), now));
  const auto batch = ledger->begin_commit();
  ASSERT_TRUE(ledger->remove(task.job, now));
  ledger->end_commit(store->commit(batch), now);
  EXPECT_THAT(stored(task.job), SizeIs(1));
  commit();
  EXPECT_THAT(stored(task.job), IsEmpty());
  EXPECT_THAT(due(), IsEmpty());
}

TEST_F(RegistryDeliveries, StayAllOfThemWhereOneCannotBeRead) {
  auto options = with_outbox();
  // The later one comes first in the order of ids, and is known though nothing can be read.
  options.new_id = [place = 9s](jobs::Timestamp at) mutable {
    return jobs::JobId::generate(at + --place);
  };
  begin(std::move(options));
  const auto task = begun(new_job());
  ASSERT_TRUE(ledger->finish(report(task, JobOutcome::failed), now));
  commit();
  ASSERT_TRUE(ledger->retry(task.job, now));
  const auto again = ledger->assign(now);
  commit();
  ASSERT_TRUE(ledger->finish(report(again.at(0).task, JobOutcome::completed), now));
  const auto batch = ledger->begin_commit();
  store->fail_records(true);
  EXPECT_FALSE(ledger->remove(task.job, now));
  ledger->end_commit(store->commit(batch), now);
  store->fail_records(false);
  commit();
  EXPECT_THAT(stored(task.job), SizeIs(2)) << "as the job is there";
  EXPECT_TRUE(store->get(task.job).value());
  ASSERT_TRUE(ledger->remove(task.job, now));
  commit();
  EXPECT_THAT(stored(task.job), IsEmpty());
}

TEST_F(RegistryDeliveries, GoWithAllJobsThatAreDeletedTogether) {
  const auto one = completed();
  const auto two = completed();
  const auto removed = ledger->remove_where({.tenant = "anna"}, {}, 9, now);
  ASSERT_TRUE(removed);
  EXPECT_THAT(removed->jobs, SizeIs(2));
  commit();
  EXPECT_THAT(stored(one.subject), IsEmpty());
  EXPECT_THAT(stored(two.subject), IsEmpty());
}

TEST_F(RegistryDeliveries, AreSentThoughTheirJobHasExpired) {
  const auto delivery = completed();
  now.wall += 24h;
  EXPECT_THAT(ledger->expire_jobs(9, now)->jobs, SizeIs(1));
  commit();
  EXPECT_THAT(due(), SizeIs(1));
  EXPECT_EQ(due()[0].id, delivery.id);
}

TEST_F(RegistryDeliveries, AreSentThoughTheKeyOfTheirExpiredJobIsUsedAgain) {
  auto job = new_job();
  job.idempotency = jobs::Idempotency{.key = "k", .fingerprint = "f"};
  const auto task = begun(job);
  ASSERT_TRUE(ledger->finish(report(task, JobOutcome::completed), now));
  commit();
  now.wall += 24h;
  auto next = new_job();
  next.idempotency = job.idempotency;
  const auto created = ledger->create(next, now);
  ASSERT_TRUE(created);
  EXPECT_FALSE(created->replayed);
  commit();
  EXPECT_THAT(due(), SizeIs(1));
}

TEST_F(RegistryDeliveries, AreCountedOnceTheyAreWritten) {
  const auto first = completed();
  now.wall += 60s;
  const auto second = completed();
  auto status = ledger->status(now);
  EXPECT_EQ(status.pending_deliveries, 2U);
  EXPECT_GE(status.oldest_delivery, first.created_at);
  EXPECT_LT(status.oldest_delivery, first.created_at + 10s);
  note(first, DeliveryVerdict::retry, 503);
  note(second, DeliveryVerdict::delivered, 200);
  EXPECT_EQ(webhooks(), DeliveryCounts{}) << "nothing is written yet";
  commit();
  EXPECT_EQ(tries_with(DeliveryStatus::pending), 1U);
  EXPECT_EQ(tries_with(DeliveryStatus::delivered), 1U);
  EXPECT_EQ(webhooks().time.count(), 2U);
  EXPECT_EQ(webhooks().time.microseconds, 80'000U);
  EXPECT_EQ(ledger->status(now).pending_deliveries, 1U);
  EXPECT_EQ(ledger->status(now).counts.emails, DeliveryCounts{});
  now.wall = only_one(first.subject).due_at;
  note(first, DeliveryVerdict::gone, 410);
  commit();
  EXPECT_EQ(tries_with(DeliveryStatus::disabled), 1U);
  status = ledger->status(now);
  EXPECT_EQ(status.pending_deliveries, 0U);
  EXPECT_FALSE(status.oldest_delivery);
}

TEST_F(RegistryDeliveries, ThatWereThereAtTheStartAreCounted) {
  const auto delivery = completed();
  begin(with_outbox());
  EXPECT_EQ(ledger->status(now).pending_deliveries, 1U);
  ASSERT_TRUE(ledger->remove(delivery.subject, now));
  commit();
  EXPECT_EQ(ledger->status(now).pending_deliveries, 0U);
}

TEST_F(RegistryDeliveries, ATryOfOneThatIsGoneIsOfNoConsequence) {
  const Delivery gone{.id = jobs::JobId::generate(now.wall)};
  note(gone, DeliveryVerdict::retry);
  EXPECT_TRUE(ledger->begin_commit().empty());
}

TEST_F(RegistryDeliveries, AreSentAgainInWhateverStateTheyAre) {
  const auto delivery = completed();
  for (const auto verdict : {DeliveryVerdict::delivered, DeliveryVerdict::gone,
                             DeliveryVerdict::refused, DeliveryVerdict::retry}) {
    now.wall += 1s;
    note(delivery, verdict);
    commit();
    EXPECT_THAT(due(), IsEmpty());
    const auto again = ledger->replay(delivery.subject, delivery.id, now);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->status, DeliveryStatus::pending);
    commit();
    EXPECT_THAT(due(), SizeIs(1));
    EXPECT_EQ(due()[0].id, delivery.id) << "receivers know it by its id";
    EXPECT_EQ(due()[0].body, delivery.body);
  }
}

TEST_F(RegistryDeliveries, AreSentAgainForTheirOwnSubjectOnly) {
  const auto delivery = completed();
  const auto other = completed();
  for (const auto& [subject, id] :
       {std::pair{other.subject, delivery.id}, std::pair{delivery.subject, delivery.subject}}) {
    const auto refused = ledger->replay(subject, id, now);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ServiceErrorCode::unknown_delivery);
  }
  EXPECT_EQ(ledger->staged(), 0U);
}

TEST_F(RegistryDeliveries, GoWhenTheyHaveExpiredInStepsOfABoundedSize) {
  std::vector<jobs::JobId> subjects;
  for (int i = 0; i < 3; ++i)
    subjects.push_back(completed().subject);
  now.wall += 168h - 1ms;
  EXPECT_EQ(ledger->expire_records(2, now).value(), 0U);
  now.wall += 1ms;
  EXPECT_EQ(ledger->expire_records(2, now).value(), 2U);
  // They are on their way; what is asked for meanwhile must not stand on what is stored still.
  EXPECT_EQ(ledger->expire_records(2, now).value(), 0U);
  commit();
  EXPECT_EQ(ledger->expire_records(2, now).value(), 1U);
  commit();
  for (const auto& subject : subjects)
    EXPECT_THAT(stored(subject), IsEmpty());
  EXPECT_EQ(ledger->expire_records(2, now).value(), 0U);
}

TEST_F(RegistryDeliveries, OneThatIsBeingSentAgainDoesNotGoUnderneath) {
  const auto delivery = completed();
  now.wall += 168h;
  ASSERT_TRUE(ledger->replay(delivery.subject, delivery.id, now));
  const auto batch = ledger->begin_commit();
  EXPECT_EQ(ledger->expire_records(9, now).value(), 0U);
  ledger->end_commit(store->commit(batch), now);
  EXPECT_EQ(ledger->expire_records(9, now).value(), 0U) << "it has time for all its tries again";
  now.wall += 168h;
  EXPECT_EQ(ledger->expire_records(9, now).value(), 1U);
  commit();
  EXPECT_THAT(stored(delivery.subject), IsEmpty());
  EXPECT_THAT(due(), IsEmpty());
}

}  // namespace
}  // namespace darkroom::actors
