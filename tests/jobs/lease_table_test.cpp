#include "jobs/lease_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace darkroom::jobs {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class LeaseTableTest : public testing::Test {
 protected:
  static Lease lease_of(const WorkerId& worker) { return {LeaseToken::generate(), worker}; }

  LeaseTable table;
  SteadyTime now{};
  JobId first = JobId::generate(Timestamp{});
  JobId second = JobId::generate(Timestamp{});
  WorkerId anna{"anna", 1};
  WorkerId bert{"bert", 2};
};

TEST_F(LeaseTableTest, ExpiresAtTheDeadlineAndNotBefore) {
  table.grant(first, lease_of(anna), now + seconds{10});
  table.grant(second, lease_of(anna), now + seconds{20});
  EXPECT_THAT(table.expired(now + seconds{9}), IsEmpty());
  EXPECT_THAT(table.expired(now + seconds{10}), ElementsAre(first));
}

TEST_F(LeaseTableTest, RenewalPutsTheDeadlineOff) {
  const auto lease = lease_of(anna);
  table.grant(first, lease, now + seconds{10});
  EXPECT_TRUE(table.renew(lease.token, anna, now + seconds{30}));
  EXPECT_THAT(table.expired(now + seconds{29}), IsEmpty());
}

TEST_F(LeaseTableTest, OnlyItsHolderRenewsALease) {
  const auto lease = lease_of(anna);
  table.grant(first, lease, now + seconds{10});
  EXPECT_FALSE(table.renew(lease.token, bert, now + seconds{30}));
  EXPECT_FALSE(table.renew(lease.token, WorkerId{"anna", 99}, now + seconds{30}));
  EXPECT_THAT(table.expired(now + seconds{10}), ElementsAre(first));
}

TEST_F(LeaseTableTest, ATokenThatWasReplacedIsWorthless) {
  const auto old = lease_of(anna);
  table.grant(first, old, now + seconds{10});
  table.grant(first, lease_of(bert), now + seconds{10});
  EXPECT_FALSE(table.renew(old.token, anna, now + seconds{30}));
  EXPECT_THAT(table.held_by(anna), IsEmpty());
  EXPECT_THAT(table.held_by(bert), ElementsAre(first));
}

TEST_F(LeaseTableTest, KnowsHowFarALeaseHasCome) {
  const auto lease = lease_of(anna);
  table.grant(first, lease, now + seconds{10});
  EXPECT_EQ(table.progress(first), LeaseProgress::granted);
  EXPECT_EQ(table.sent_at(first), std::nullopt);
  table.note_sent(lease.token, now + seconds{1});
  EXPECT_EQ(table.progress(first), LeaseProgress::sent);
  EXPECT_EQ(table.sent_at(first), now + seconds{1});
  EXPECT_FALSE(table.renew(lease.token, bert, now + seconds{30}));
  EXPECT_EQ(table.progress(first), LeaseProgress::sent);
  EXPECT_TRUE(table.renew(lease.token, anna, now + seconds{30}));
  EXPECT_EQ(table.progress(first), LeaseProgress::held);
  table.grant(first, lease_of(anna), now);
  EXPECT_EQ(table.progress(first), LeaseProgress::granted) << "another lease";
  EXPECT_EQ(table.progress(second), LeaseProgress::granted);
}

TEST_F(LeaseTableTest, ReleaseGivesTheLeaseBackOnce) {
  const auto lease = lease_of(anna);
  table.grant(first, lease, now);
  EXPECT_EQ(table.release(first), lease);
  EXPECT_EQ(table.release(first), std::nullopt);
}

TEST_F(LeaseTableTest, KnowsWhatAWorkerHolds) {
  table.grant(first, lease_of(anna), now);
  table.grant(second, lease_of(anna), now);
  EXPECT_THAT(table.held_by(anna), UnorderedElementsAre(first, second));
}

}  // namespace
}  // namespace darkroom::jobs
