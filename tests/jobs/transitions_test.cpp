#include "jobs/transitions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace darkroom::jobs {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

class TransitionsTest : public testing::Test {
 protected:
  static Lease new_lease(const std::string& worker) {
    return {LeaseToken::generate(), WorkerId{worker, 7}};
  }

  static RenditionResult result_for(const Rendition& rendition) {
    return {.name = rendition.spec.name,
            .blob_key = "uploads/x/" + rendition.spec.name,
            .content_type = "image/jpeg",
            .sha256 = "00",
            .bytes = 10,
            .width = 3,
            .height = 2,
            .milliseconds = 9};
  }

  LeaseToken start(const std::string& worker = "anna") {
    const auto lease = new_lease(worker);
    EXPECT_TRUE(start_attempt(job, lease, now));
    return lease.token;
  }

  Timestamp now{seconds{1'000}};
  RetryPolicy policy;
  JobError transient{ErrorKind::transient, "The disk was busy."};
  JobError permanent{ErrorKind::permanent, "Corrupted image file: it ends too early."};
  Job job = make_job(JobId::generate(Timestamp{}), default_preset(), Original{}, now, hours{24});
};

TEST_F(TransitionsTest, ANewJobIsPendingWithAllItsRenditions) {
  EXPECT_EQ(job.status, JobStatus::pending);
  EXPECT_EQ(job.renditions.size(), 3U);
  EXPECT_EQ(job.expires_at, now + hours{24});
  EXPECT_EQ(job.run_at, now);
  EXPECT_TRUE(job.attempts.empty());
}

TEST_F(TransitionsTest, AJobThatIsNotToRunYetWaitsAndLivesFromThen) {
  const auto later = now + hours{72};
  auto delayed = make_job(JobId::generate(now), default_preset(), Original{}, now, hours{24},
                          {.not_before = later});
  EXPECT_EQ(delayed.run_at, later);
  EXPECT_EQ(delayed.expires_at, later + hours{24});
  ASSERT_TRUE(cancel(delayed, now));
  ASSERT_TRUE(send_again(delayed, now));
  EXPECT_EQ(delayed.run_at, now);
  EXPECT_EQ(delayed.expires_at, now + hours{24});
}

TEST_F(TransitionsTest, AMomentThatHasPassedDelaysNothing) {
  const auto made = make_job(JobId::generate(now), default_preset(), Original{}, now, hours{24},
                             {.not_before = now - hours{1}});
  EXPECT_EQ(made.run_at, now);
  EXPECT_EQ(made.expires_at, now + hours{24});
}

TEST_F(TransitionsTest, AnAttemptIsCountedWhenItStarts) {
  start("bert");
  EXPECT_EQ(job.status, JobStatus::processing);
  ASSERT_EQ(job.attempts.size(), 1U);
  EXPECT_EQ(job.attempts[0].number, 1U);
  EXPECT_EQ(job.attempts[0].worker, "bert");
  EXPECT_EQ(job.attempts[0].outcome, AttemptOutcome::running);
}

TEST_F(TransitionsTest, AJobIsNotStartedTwice) {
  start();
  const auto before = job;
  EXPECT_EQ(start_attempt(job, new_lease("bert"), now).error(), TransitionError::wrong_state);
  EXPECT_EQ(job, before);
}

TEST_F(TransitionsTest, CompletesOnceEveryRenditionIsThere) {
  const auto token = start();
  EXPECT_EQ(complete(job, token, now).error(), TransitionError::unfinished);
  for (const auto& rendition : std::vector{job.renditions}) {
    ASSERT_TRUE(finish_rendition(job, token, result_for(rendition), now));
  }
  ASSERT_TRUE(complete(job, token, now + seconds{1}));
  EXPECT_EQ(job.status, JobStatus::completed);
  EXPECT_EQ(job.completed_at, now + seconds{1});
  EXPECT_EQ(job.lease, std::nullopt);
  EXPECT_EQ(job.attempts.back().outcome, AttemptOutcome::completed);
}

TEST_F(TransitionsTest, ReportingARenditionTwiceIsHarmless) {
  const auto token = start();
  const auto result = result_for(job.renditions[0]);
  ASSERT_TRUE(finish_rendition(job, token, result, now));
  EXPECT_EQ(job.renditions[0].milliseconds, 9U);
  const auto once = job;
  ASSERT_TRUE(finish_rendition(job, token, result, now));
  EXPECT_EQ(job, once);
}

TEST_F(TransitionsTest, WhatIsFoundOutAboutTheOriginalIsKept) {
  const auto token = start();
  ASSERT_TRUE(note_findings(job, token, {.blurhash = "LEHV6nWB2yk8pyo0adR*"}, now + seconds{1}));
  ASSERT_TRUE(note_findings(job, token, {.dominant_colour = "#336699"}, now + seconds{2}));
  EXPECT_EQ(job.original.blurhash, "LEHV6nWB2yk8pyo0adR*");
  EXPECT_EQ(job.original.dominant_colour, "#336699");
  EXPECT_EQ(job.updated_at, now + seconds{2});
}

TEST_F(TransitionsTest, AnUnknownRenditionIsRefused) {
  const auto token = start();
  RenditionResult unknown;
  unknown.name = "huge";
  EXPECT_EQ(finish_rendition(job, token, unknown, now).error(), TransitionError::unknown_rendition);
}

TEST_F(TransitionsTest, AStaleTokenChangesNothing) {
  const auto old = start();
  ASSERT_TRUE(lose_attempt(job, old, "gone", policy, now));
  start("bert");
  const auto before = job;
  EXPECT_EQ(complete(job, old, now).error(), TransitionError::stale_lease);
  EXPECT_EQ(finish_rendition(job, old, result_for(job.renditions[0]), now).error(),
            TransitionError::stale_lease);
  EXPECT_EQ(note_findings(job, old, {.blurhash = "x"}, now).error(), TransitionError::stale_lease);
  EXPECT_EQ(fail_attempt(job, old, permanent, policy, 0, now).error(),
            TransitionError::stale_lease);
  EXPECT_EQ(hand_back(job, old, "bye", now).error(), TransitionError::stale_lease);
  EXPECT_EQ(job, before);
}

TEST_F(TransitionsTest, APermanentErrorFailsAtOnce) {
  const auto token = start();
  ASSERT_TRUE(fail_attempt(job, token, permanent, policy, 0, now));
  EXPECT_EQ(job.status, JobStatus::failed);
  EXPECT_EQ(job.error_message, permanent.message);
  EXPECT_EQ(job.completed_at, now);
  EXPECT_EQ(job.renditions[0].status, RenditionStatus::failed);
}

TEST_F(TransitionsTest, ATransientErrorIsTriedAgainAfterOneTwoFourSeconds) {
  for (const auto wait : {seconds{1}, seconds{2}, seconds{4}}) {
    const auto token = start();
    ASSERT_TRUE(fail_attempt(job, token, transient, policy, 0, now));
    EXPECT_EQ(job.status, JobStatus::retrying);
    EXPECT_EQ(job.run_at, now + wait);
    now = job.run_at;
  }
  ASSERT_TRUE(fail_attempt(job, start(), transient, policy, 0, now));
  EXPECT_EQ(job.status, JobStatus::failed);
  EXPECT_THAT(*job.error_message, HasSubstr("gave up after 4 attempts"));
  EXPECT_EQ(job.attempts.size(), 4U);
}

TEST_F(TransitionsTest, AKilledWorkersJobRunsAgainAtOnce) {
  ASSERT_TRUE(lose_attempt(job, start(), "signal 9", policy, now));
  EXPECT_EQ(job.status, JobStatus::pending);
  EXPECT_EQ(job.run_at, now);
  EXPECT_EQ(job.attempts.back().outcome, AttemptOutcome::crashed);
}

TEST_F(TransitionsTest, AnInterruptedJobKeepsItsPlaceInTheQueue) {
  const auto place = job.run_at;
  now += hours{1};
  ASSERT_TRUE(hand_back(job, start(), "stopping", now));
  EXPECT_EQ(job.run_at, place);
  ASSERT_TRUE(interrupt_attempt(job, start(), "signal 9", now));
  EXPECT_EQ(job.run_at, place);
  ASSERT_TRUE(lose_attempt(job, start(), "signal 9", policy, now));
  EXPECT_EQ(job.run_at, place);
}

TEST_F(TransitionsTest, AJobThatTakesDownTwoWorkersHasFailed) {
  ASSERT_TRUE(lose_attempt(job, start("anna"), "signal 11", policy, now));
  ASSERT_TRUE(lose_attempt(job, start("bert"), "signal 11", policy, now));
  EXPECT_EQ(job.status, JobStatus::failed);
  EXPECT_THAT(*job.error_message, HasSubstr("lost 2 times"));
  EXPECT_THAT(*job.error_message, HasSubstr("bert: signal 11"));
}

TEST_F(TransitionsTest, HandingBackCostsNothing) {
  for (int i = 0; i < 50; ++i)
    ASSERT_TRUE(hand_back(job, start(), "stopping", now));
  EXPECT_EQ(job.status, JobStatus::pending);
  ASSERT_TRUE(fail_attempt(job, start(), transient, policy, 0, now));
  EXPECT_EQ(job.status, JobStatus::retrying);
}

TEST_F(TransitionsTest, AFinishedJobIsNeverChanged) {
  const auto token = start();
  ASSERT_TRUE(fail_attempt(job, token, permanent, policy, 0, now));
  const auto before = job;
  EXPECT_FALSE(start_attempt(job, new_lease("bert"), now));
  EXPECT_FALSE(complete(job, token, now));
  EXPECT_FALSE(lose_attempt(job, token, "x", policy, now));
  EXPECT_EQ(job, before);
}

TEST_F(TransitionsTest, AFullDiskCostsNoAttemptHoweverLongItLasts) {
  policy.attempts = 2;
  policy.base = seconds{1};
  policy.max = seconds{60};
  policy.jitter = 0;
  const JobError full{ErrorKind::environment, "No space left on device"};
  std::vector<seconds> waits;
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(fail_attempt(job, start(), full, policy, 0, now));
    ASSERT_EQ(job.status, JobStatus::retrying);
    EXPECT_EQ(job.attempts.back().outcome, AttemptOutcome::handed_back);
    EXPECT_EQ(job.attempts.back().error, "No space left on device");
    waits.push_back(std::chrono::duration_cast<seconds>(job.run_at - now));
  }
  EXPECT_EQ(waits[0], seconds{1});
  EXPECT_EQ(waits[1], seconds{2});
  EXPECT_EQ(waits.back(), seconds{60});
  // The record does not grow without end, and the numbers go on.
  EXPECT_LE(job.attempts.size(), kept_free_attempts);
  EXPECT_EQ(job.attempts.back().number, 100U);

  // Its budget is untouched.
  ASSERT_TRUE(fail_attempt(job, start(), transient, policy, 0, now));
  EXPECT_EQ(job.status, JobStatus::retrying);
  ASSERT_TRUE(fail_attempt(job, start(), transient, policy, 0, now));
  EXPECT_EQ(job.status, JobStatus::failed);
}

TEST_F(TransitionsTest, AJobThatWasBesideOthersIsNotChargedAndRunsAloneFromThenOn) {
  ASSERT_TRUE(interrupt_attempt(job, start(), "signal 11", now));
  EXPECT_EQ(job.status, JobStatus::pending);
  EXPECT_EQ(job.attempts.back().outcome, AttemptOutcome::interrupted);
  EXPECT_TRUE(job.alone);
  ASSERT_TRUE(lose_attempt(job, start(), "signal 11", policy, now));
  EXPECT_EQ(job.status, JobStatus::pending) << "the first of two crashes that are its own";
  EXPECT_TRUE(job.alone);
}

TEST_F(TransitionsTest, AWaitingJobIsCancelledAtOnce) {
  ASSERT_TRUE(cancel(job, now + seconds{1}));
  EXPECT_EQ(job.status, JobStatus::cancelled);
  EXPECT_EQ(job.completed_at, now + seconds{1});
  EXPECT_EQ(job.renditions[0].status, RenditionStatus::cancelled);
  EXPECT_EQ(cancel(job, now).error(), TransitionError::wrong_state);
}

TEST_F(TransitionsTest, CancellingTakesTheLeaseAndKeepsWhatIsMade) {
  const auto token = start();
  ASSERT_TRUE(finish_rendition(job, token, result_for(job.renditions[0]), now));
  ASSERT_TRUE(cancel(job, now));
  EXPECT_EQ(job.lease, std::nullopt);
  EXPECT_EQ(job.attempts.back().outcome, AttemptOutcome::cancelled);
  EXPECT_EQ(job.renditions[0].status, RenditionStatus::completed);
  EXPECT_EQ(job.renditions[1].status, RenditionStatus::cancelled);
  EXPECT_EQ(complete(job, token, now).error(), TransitionError::wrong_state);
}

TEST_F(TransitionsTest, AFailedJobThatIsSentAgainHasAllItsBudgetsAndItsRenditions) {
  auto token = start();
  ASSERT_TRUE(finish_rendition(job, token, result_for(job.renditions[0]), now));
  ASSERT_TRUE(lose_attempt(job, token, "signal 9", policy, now));
  ASSERT_TRUE(lose_attempt(job, start(), "signal 9", policy, now));
  ASSERT_EQ(job.status, JobStatus::failed);
  now += hours{20};
  ASSERT_TRUE(send_again(job, now));
  EXPECT_EQ(job.status, JobStatus::pending);
  EXPECT_EQ(job.error_message, std::nullopt);
  EXPECT_EQ(job.completed_at, std::nullopt);
  EXPECT_EQ(job.expires_at, now + hours{24});
  EXPECT_EQ(job.renditions[0].status, RenditionStatus::completed);
  EXPECT_EQ(job.renditions[1].status, RenditionStatus::pending);
  EXPECT_EQ(job.renditions[1].error_message, std::nullopt);
  ASSERT_TRUE(lose_attempt(job, start(), "signal 9", policy, now));
  EXPECT_EQ(job.status, JobStatus::pending);
  EXPECT_EQ(job.attempts.size(), 3U) << "what went before can still be seen";
  EXPECT_EQ(job.attempts.back().number, 3U);
}

TEST_F(TransitionsTest, AJobThatIsSentAgainAndAgainLivesNoLongerEachTime) {
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(fail_attempt(job, start(), permanent, policy, 0, now));
    now += hours{20};
    ASSERT_TRUE(send_again(job, now));
    EXPECT_EQ(job.expires_at, now + hours{24});
  }
}

TEST_F(TransitionsTest, OnlyWhatHasFailedOrWasCancelledIsSentAgain) {
  EXPECT_EQ(send_again(job, now).error(), TransitionError::wrong_state);
  ASSERT_TRUE(cancel(job, now));
  EXPECT_TRUE(send_again(job, now));
}

TEST_F(TransitionsTest, SendingAgainAndAgainDoesNotMakeTheRecordGrow) {
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(fail_attempt(job, start(), permanent, policy, 0, now));
    ASSERT_TRUE(send_again(job, now));
  }
  EXPECT_LE(job.attempts.size(), kept_free_attempts + 1);
  EXPECT_EQ(job.attempts.back().number, 100U);
}

}  // namespace
}  // namespace darkroom::jobs
