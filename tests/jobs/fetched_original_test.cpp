#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "jobs/job.hpp"
#include "jobs/transitions.hpp"

// Jobs that name a source, whose original a worker fetches.

namespace darkroom::jobs {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;

class FetchedOriginalTest : public testing::Test {
 protected:
  static Job job_from(const std::string& url) {
    Original original;
    original.filename = "photo.jpg";
    auto preset = default_preset();
    preset.renditions[0].format = OutputFormat::automatic;
    return make_job(JobId::generate(Timestamp{}), preset, original, Timestamp{},
                    std::chrono::hours{1}, {.source_url = url});
  }

  LeaseToken start() {
    const Lease lease{LeaseToken::generate(), WorkerId{"anna", 1}};
    EXPECT_TRUE(start_attempt(job, lease, now));
    return lease.token;
  }

  Original fetched() const {
    Original original;
    original.blob_key = fetched_key(job, job.attempts.back().number);
    original.content_type = "image/png";
    original.format = "png";
    original.sha256 = std::string(64, 'a');
    original.bytes = 99;
    original.width = 4;
    original.height = 3;
    return original;
  }

  void expect_unfit(const LeaseToken& token, const Original& original) {
    const auto before = job;
    const auto taken = take_original(job, token, original, false, now);
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error(), TransitionError::unfit_original);
    EXPECT_EQ(job, before);
  }

  Timestamp now{std::chrono::hours{1}};
  Job job = job_from("https://example.org/a/photo.png?size=1");
};

TEST_F(FetchedOriginalTest, IsCalledAsItsUrlSaysAndByTheAttempt) {
  const auto id = job.id.to_string();
  EXPECT_EQ(fetched_key(job, 1), "uploads/originals/" + id + ".png");
  EXPECT_EQ(fetched_key(job, 2), "uploads/originals/" + id + ".2.png");
  const auto extension = [](const std::string& url) {
    const auto key = fetched_key(job_from(url), 1);
    return key.substr(key.rfind('.') + 1);
  };
  EXPECT_EQ(extension("http://a.example/x.JPEG"), "jpg");
  EXPECT_EQ(extension("http://a.example/x.webp#y.png"), "webp");
  for (const char* url :
       {"http://a.example/", "http://a.png", "http://a.example/png", "http://a.example/x.html",
        "http://a.example/x.png/", "http://a.example/x?y.png", "http://a.example/x..%2f"})
    EXPECT_EQ(extension(url), "img") << url;
}

TEST_F(FetchedOriginalTest, IsTakenWithWhatItIsAndSettlesTheFormats) {
  EXPECT_FALSE(has_original(job));
  const auto token = start();
  ASSERT_TRUE(take_original(job, token, fetched(), true, now));
  EXPECT_TRUE(has_original(job));
  EXPECT_EQ(job.original.filename, "photo.jpg");
  EXPECT_EQ(job.original.format, "png");
  EXPECT_EQ(job.original.bytes, 99U);
  EXPECT_EQ(job.renditions[0].spec.format, OutputFormat::webp) << "it can have transparent pixels";
  EXPECT_EQ(job.renditions[1].spec.format, OutputFormat::jpeg);
  EXPECT_EQ(job.updated_at, now);
}

TEST_F(FetchedOriginalTest, LeavesTheJobAsOneThatWasUploadedNow) {
  EXPECT_TRUE(must_fetch(job));
  const auto token = start();
  now += std::chrono::minutes{1};
  ASSERT_TRUE(take_original(job, token, fetched(), false, now));
  EXPECT_FALSE(must_fetch(job));
  EXPECT_EQ(job.status, JobStatus::pending);
  EXPECT_EQ(job.lease, std::nullopt);
  EXPECT_EQ(job.run_at, now);
  EXPECT_TRUE(job.attempts.empty());
  const auto next = start();
  EXPECT_EQ(job.attempts.at(0).number, 1U);
  EXPECT_NE(next, token);
}

TEST_F(FetchedOriginalTest, NeedsNoProcessToItself) {
  ASSERT_TRUE(interrupt_attempt(job, start(), "it died", now));
  EXPECT_TRUE(job.alone);
  EXPECT_FALSE(must_run_alone(job));
  const auto second = start();
  ASSERT_TRUE(take_original(job, second, fetched(), false, now));
  EXPECT_TRUE(must_run_alone(job));
}

TEST_F(FetchedOriginalTest, IsTakenUnderTheCurrentLeaseOnly) {
  const auto first = start();
  const auto late = fetched();
  ASSERT_TRUE(lose_attempt(job, first, "it died", RetryPolicy{}, now));
  EXPECT_EQ(take_original(job, first, late, false, now).error(), TransitionError::wrong_state);
  const auto second = start();
  EXPECT_EQ(take_original(job, first, late, false, now).error(), TransitionError::stale_lease);
  expect_unfit(second, late);
  EXPECT_TRUE(take_original(job, second, fetched(), false, now));
  EXPECT_EQ(job.original.blob_key, fetched_key(job, 2));
}

TEST_F(FetchedOriginalTest, IsNotTakenForWhatItCannotBe) {
  const auto token = start();
  auto original = fetched();
  original.blob_key = original_key(JobId::generate(now), "png");
  expect_unfit(token, original);
  original = fetched();
  original.sha256 = "aa";
  expect_unfit(token, original);
  original.sha256 = std::string(64, 'A');
  expect_unfit(token, original);
  original = fetched();
  original.bytes = 0;
  expect_unfit(token, original);
  job.source_url.clear();
  expect_unfit(token, fetched());
}

TEST_F(FetchedOriginalTest, IsFoundByALaterAttempt) {
  const auto first = start();
  ASSERT_TRUE(take_original(job, first, fetched(), false, now));
  const auto key = job.original.blob_key;
  ASSERT_TRUE(hand_back(job, start(), "stopping", now));
  const auto token = start();
  EXPECT_EQ(job.original.blob_key, key);
  EXPECT_TRUE(needs_blob(job, key));
  EXPECT_FALSE(needs_blob(job, fetched_key(job, 2))) << "nothing is fetched any more";
  auto another = fetched();
  another.blob_key = fetched_key(job, 2);
  expect_unfit(token, another);
}

TEST_F(FetchedOriginalTest, ACompletedJobHasOne) {
  const auto token = start();
  for (auto& rendition : job.renditions)
    rendition.status = RenditionStatus::completed;
  EXPECT_EQ(complete(job, token, now).error(), TransitionError::unfinished);
  ASSERT_TRUE(take_original(job, token, fetched(), false, now));
  EXPECT_TRUE(complete(job, start(), now));
}

TEST_F(FetchedOriginalTest, IsNeededWhileItsAttemptRunsAndLeftOverAfter) {
  EXPECT_THAT(blob_keys(job), IsEmpty());
  const auto first = start();
  EXPECT_TRUE(needs_blob(job, fetched_key(job, 1)));
  EXPECT_THAT(blob_keys(job), Contains(fetched_key(job, 1))) << "a job that is deleted meanwhile";
  ASSERT_TRUE(lose_attempt(job, first, "it died", RetryPolicy{}, now));
  EXPECT_FALSE(needs_blob(job, fetched_key(job, 1)));
  const auto second = start();
  EXPECT_FALSE(needs_blob(job, fetched_key(job, 1)));
  EXPECT_TRUE(needs_blob(job, fetched_key(job, 2)));
  ASSERT_TRUE(take_original(job, second, fetched(), false, now));
  EXPECT_THAT(leftover_keys(job), Contains(fetched_key(job, 1)));
  EXPECT_THAT(leftover_keys(job), Not(Contains(fetched_key(job, 2))));
  EXPECT_THAT(blob_keys(job), IsSupersetOf({fetched_key(job, 1), fetched_key(job, 2)}));
}

TEST_F(FetchedOriginalTest, AFailedJobWithoutOneIsSentAgain) {
  ASSERT_TRUE(fail_attempt(job, start(), {ErrorKind::permanent, "404"}, RetryPolicy{}, 0, now));
  EXPECT_THAT(leftover_keys(job), Contains(fetched_key(job, 1)));
  ASSERT_TRUE(send_again(job, now));
  const auto token = start();
  EXPECT_TRUE(take_original(job, token, fetched(), false, now));
}

}  // namespace
}  // namespace darkroom::jobs
