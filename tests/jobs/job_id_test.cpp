#include "jobs/job_id.hpp"

#include <set>

#include <gtest/gtest.h>

namespace darkroom::jobs {
namespace {

using std::chrono::milliseconds;

TEST(JobId, PrintsWhatItParses) {
  const auto id = JobId::generate(Timestamp{milliseconds{1'763'695'868'250}});
  EXPECT_EQ(JobId::parse(id.to_string()), id);
}

TEST(JobId, IsVersion7OfTheRfcVariant) {
  const auto text = JobId::generate(system_now()).to_string();
  ASSERT_EQ(text.size(), 36U);
  EXPECT_EQ(text[14], '7');
  EXPECT_NE(std::string{"89ab"}.find(text[19]), std::string::npos);
}

TEST(JobId, CarriesTheTimeInItsFirstSixBytes) {
  const auto id = JobId::generate(Timestamp{milliseconds{0x0123456789AB}});
  EXPECT_EQ(id.to_string().substr(0, 13), "01234567-89ab");
}

TEST(JobId, OrdersByTime) {
  const auto earlier = JobId::generate(Timestamp{milliseconds{1'000}});
  const auto later = JobId::generate(Timestamp{milliseconds{1'001}});
  EXPECT_LT(earlier, later);
  EXPECT_LT(earlier.to_string(), later.to_string());
}

TEST(JobId, DoesNotRepeatWithinAMillisecond) {
  std::set<JobId> ids;
  for (int i = 0; i < 10'000; ++i)
    ids.insert(JobId::generate(Timestamp{milliseconds{5}}));
  EXPECT_EQ(ids.size(), 10'000U);
}

TEST(JobId, AcceptsUpperCase) {
  EXPECT_TRUE(JobId::parse("0198ABCD-0000-7000-8000-00000000000A").has_value());
}

TEST(JobId, RefusesEverythingElse) {
  for (const auto* text :
       {"", "0198abcd", "0198abcd-0000-4000-8000-00000000000a",
        "0198abcd-0000-7000-c000-00000000000a", "0198abcd-0000-7000-8000-00000000000g",
        "0198abcd-0000-7000-8000-00000000000a ", "0198abcd+0000-7000-8000-00000000000a",
        "../../../../../../../../etc/passwd!!"}) {
    EXPECT_FALSE(JobId::parse(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace darkroom::jobs
