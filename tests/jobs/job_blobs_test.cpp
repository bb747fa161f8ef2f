#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "jobs/job.hpp"
#include "jobs/transitions.hpp"

namespace darkroom::jobs {
namespace {

using testing::UnorderedElementsAre;

class JobBlobsTest : public testing::Test {
 protected:
  JobBlobsTest() { job.original.blob_key = original_key(job.id, "jpg"); }

  LeaseToken start() {
    const Lease lease{LeaseToken::generate(), WorkerId{"anna", 1}};
    EXPECT_TRUE(start_attempt(job, lease, now));
    return lease.token;
  }

  std::string key(std::size_t rendition, std::uint32_t attempt) const {
    return rendition_key(job.id, job.renditions[rendition].spec, attempt);
  }

  void finish(const LeaseToken& token, std::size_t rendition) {
    RenditionResult result;
    result.name = job.renditions[rendition].spec.name;
    result.blob_key = key(rendition, job.attempts.back().number);
    ASSERT_TRUE(finish_rendition(job, token, result, now));
  }

  Timestamp now{std::chrono::hours{1}};
  Job job =
      make_job(JobId::generate(now), default_preset(), Original{}, now, std::chrono::hours{1});
};

TEST_F(JobBlobsTest, NoTwoAttemptsWriteTheSameFile) {
  EXPECT_EQ(key(0, 1), "uploads/resized/" + job.id.to_string() + "-resized.jpg");
  EXPECT_EQ(key(0, 2), "uploads/resized/" + job.id.to_string() + "-resized.2.jpg");
}

TEST_F(JobBlobsTest, NeedsWhatItRefersToAndWhatItsAttemptIsMaking) {
  const auto first = start();
  EXPECT_TRUE(needs_blob(job, job.original.blob_key));
  EXPECT_TRUE(needs_blob(job, key(0, 1)));
  finish(first, 1);
  ASSERT_TRUE(hand_back(job, first, "stopping", now));
  EXPECT_TRUE(needs_blob(job, key(1, 1)));
  EXPECT_FALSE(needs_blob(job, key(0, 1))) << "its attempt is over";
  start();
  EXPECT_TRUE(needs_blob(job, key(0, 2)));
  EXPECT_FALSE(needs_blob(job, key(0, 1)));
  EXPECT_FALSE(needs_blob(job, key(0, 3)));
}

TEST_F(JobBlobsTest, KnowsWhatItsAttemptsMayHaveLeft) {
  const auto first = start();
  finish(first, 0);
  ASSERT_TRUE(hand_back(job, first, "stopping", now));
  const auto second = start();
  finish(second, 1);
  finish(second, 2);
  ASSERT_TRUE(complete(job, second, now));
  EXPECT_THAT(leftover_keys(job), UnorderedElementsAre(key(1, 1), key(2, 1), key(0, 2)));
  EXPECT_THAT(blob_keys(job), UnorderedElementsAre(job.original.blob_key, key(0, 1), key(1, 2),
                                                   key(2, 2), key(1, 1), key(2, 1), key(0, 2)));
}

}  // namespace
}  // namespace darkroom::jobs
