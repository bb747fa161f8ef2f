#include "jobs/delivery_schedule.hpp"

#include <algorithm>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace darkroom::jobs {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr SteadyTime start{};

JobId id_of(std::uint32_t number) {
  JobId::Bytes bytes{};
  for (std::size_t i = 0; i < 4; ++i)
    bytes.at(15 - i) = static_cast<std::uint8_t>(number >> (8 * i));
  return JobId{bytes};
}

class DeliveryScheduleTest : public testing::Test {
 protected:
  void begin(DeliverySchedule::Limits limits) { schedule = DeliverySchedule{limits}; }

  bool offer(std::uint32_t number, const std::string& receiver, const std::string& tenant = "",
             Timestamp due_at = {}) {
    return schedule.offer(
        {.id = id_of(number), .tenant = tenant, .receiver = receiver, .due_at = due_at}, now);
  }

  std::vector<JobId> all_next() {
    std::vector<JobId> taken;
    while (const auto id = schedule.next())
      taken.push_back(*id);
    return taken;
  }

  void done(const JobId& id, Heard heard = Heard::prompt) { schedule.done(id, heard, now); }

  /// The receiver has answered.
  void prove(const std::string& receiver) {
    constexpr std::uint32_t number = 1'000'000;
    ASSERT_TRUE(offer(number, receiver));
    ASSERT_EQ(schedule.next(), id_of(number));
    done(id_of(number));
  }

  /// So many new receivers of the tenant, with a delivery each, from this number on.
  void offer_new_receivers(std::uint32_t first, std::uint32_t count, const std::string& tenant) {
    for (std::uint32_t i = first; i < first + count; ++i)
      EXPECT_TRUE(offer(i, tenant + " host " + std::to_string(i), tenant)) << i;
  }

  SteadyTime now = start;
  DeliverySchedule schedule{{.senders = 4}};
};

TEST_F(DeliveryScheduleTest, SendsAReceiverOneAtATime) {
  EXPECT_TRUE(offer(1, "a"));
  EXPECT_TRUE(offer(2, "a"));
  EXPECT_TRUE(offer(3, "b"));
  EXPECT_THAT(all_next(), ElementsAre(id_of(1), id_of(3)));
  done(id_of(1));
  EXPECT_THAT(all_next(), ElementsAre(id_of(2)));
  EXPECT_TRUE(offer(4, "a"));
  EXPECT_THAT(all_next(), IsEmpty()) << "while another is on its way";
  done(id_of(2));
  EXPECT_THAT(all_next(), ElementsAre(id_of(4)));
}

TEST_F(DeliveryScheduleTest, SendsAReceiverOneAtATimeWhosesoeverTheyAre) {
  EXPECT_TRUE(offer(1, "shared", "anna"));
  EXPECT_TRUE(offer(2, "shared", "anna"));
  EXPECT_TRUE(offer(3, "shared", "bert"));
  EXPECT_THAT(all_next(), ElementsAre(id_of(1)));
  done(id_of(1));
  EXPECT_THAT(all_next(), ElementsAre(id_of(3))) << "tenants take turns there too";
  done(id_of(3));
  EXPECT_THAT(all_next(), ElementsAre(id_of(2)));
}

TEST_F(DeliveryScheduleTest, WhoHasOtherReceiversTooGetsItsShareOfTheSharedOne) {
  begin({.senders = 4});
  prove("shared");
  prove("own");
  for (std::uint32_t i = 0; i < 10; ++i) {
    EXPECT_TRUE(offer(100 + i, "shared", "anna"));
    EXPECT_TRUE(offer(200 + i, "shared", "bert"));
    EXPECT_TRUE(offer(300 + i, "own", "bert"));
  }
  std::vector<JobId> shared;
  std::vector<JobId> own;
  const auto send = [&] {
    for (const auto& id : all_next())
      (id >= id_of(300) ? own : shared).push_back(id);
  };
  send();
  while (shared.size() < 6) {
    done(shared.back());
    send();
    done(own.back());
    send();
  }
  EXPECT_THAT(shared,
              ElementsAre(id_of(100), id_of(200), id_of(101), id_of(201), id_of(102), id_of(202)));
}

TEST_F(DeliveryScheduleTest, SendsNoMoreAtOnceThanItHasSenders) {
  begin({.senders = 3});
  const std::vector<std::string> receivers{"a", "b", "c", "d"};
  for (const auto& receiver : receivers)
    prove(receiver);
  for (std::uint32_t i = 0; i < 4; ++i)
    EXPECT_TRUE(offer(i, receivers.at(i)));
  EXPECT_THAT(all_next(), ElementsAre(id_of(0), id_of(1), id_of(2)));
  EXPECT_EQ(schedule.sending(), 3U);
  done(id_of(1));
  EXPECT_THAT(all_next(), ElementsAre(id_of(3)));
}

TEST_F(DeliveryScheduleTest, GivesEachReceiverItsTurn) {
  begin({.senders = 1});
  prove("a");
  prove("b");
  for (std::uint32_t i = 1; i <= 3; ++i)
    EXPECT_TRUE(offer(i, "a"));
  EXPECT_TRUE(offer(9, "b"));
  std::vector<JobId> order;
  while (const auto id = schedule.next()) {
    order.push_back(*id);
    done(*id);
  }
  EXPECT_THAT(order, ElementsAre(id_of(1), id_of(9), id_of(2), id_of(3)));
}

TEST_F(DeliveryScheduleTest, GivesEachTenantItsTurn) {
  begin({.senders = 1});
  for (std::uint32_t i = 0; i < 50; ++i)
    EXPECT_TRUE(offer(i, "host" + std::to_string(i), "anna"));
  EXPECT_TRUE(offer(100, "b1", "bert"));
  EXPECT_TRUE(offer(101, "b2", "bert"));
  std::vector<JobId> order;
  for (int i = 0; i < 4; ++i) {
    order.push_back(schedule.next().value());
    done(order.back());
  }
  EXPECT_THAT(order, ElementsAre(id_of(0), id_of(100), id_of(1), id_of(101)));
}

TEST_F(DeliveryScheduleTest, KnowsWhatWaitsOrIsBeingSent) {
  EXPECT_TRUE(offer(1, "a"));
  EXPECT_TRUE(offer(1, "a"));
  EXPECT_EQ(schedule.waiting(), 1U);
  EXPECT_THAT(all_next(), ElementsAre(id_of(1)));
  EXPECT_TRUE(offer(1, "a"));
  EXPECT_EQ(schedule.waiting(), 0U);
  done(id_of(1));
  EXPECT_THAT(all_next(), IsEmpty());
  EXPECT_TRUE(offer(1, "a"));
  EXPECT_THAT(all_next(), ElementsAre(id_of(1))) << "it is to be sent again";
}

TEST_F(DeliveryScheduleTest, WhatIsDueAnewWhileItIsBeingSentIsSentOnceMore) {
  const auto at = [](int second) { return Timestamp{std::chrono::seconds{second}}; };
  EXPECT_TRUE(offer(1, "a", "", at(1)));
  EXPECT_THAT(all_next(), ElementsAre(id_of(1)));
  EXPECT_TRUE(offer(1, "a", "", at(1))) << "the same as before";
  EXPECT_TRUE(offer(1, "a", "", at(2))) << "somebody has it sent again";
  EXPECT_THAT(all_next(), IsEmpty()) << "not beside the other";
  done(id_of(1));
  EXPECT_EQ(schedule.waiting(), 1U);
  EXPECT_THAT(all_next(), ElementsAre(id_of(1)));
  done(id_of(1));
  EXPECT_THAT(all_next(), IsEmpty());
}

// 32 senders, as in the default.

TEST_F(DeliveryScheduleTest, NewReceiversOfATenantThatSayNothingDelayNobodyElse) {
  begin({});
  offer_new_receivers(0, 200, "anna");
  EXPECT_THAT(all_next(), SizeIs(16)) << "half of the senders";
  offer_new_receivers(1'000, 1, "bert");
  EXPECT_THAT(all_next(), ElementsAre(id_of(1'000)));
  offer_new_receivers(2'000, 1, "carl");
  EXPECT_THAT(all_next(), ElementsAre(id_of(2'000)));
}

TEST_F(DeliveryScheduleTest, ReceiversThatWereProvenAndSayNothingNowLeaveSendersToOtherTenants) {
  begin({});
  for (std::uint32_t i = 0; i < 40; ++i)
    prove("anna host " + std::to_string(i));
  offer_new_receivers(0, 40, "anna");
  EXPECT_THAT(all_next(), SizeIs(24));
  offer_new_receivers(1'000, 1, "bert");
  EXPECT_THAT(all_next(), ElementsAre(id_of(1'000)));
}

TEST_F(DeliveryScheduleTest, WithoutTenantsNewReceiversLeaveSendersToThoseThatHaveAnswered) {
  begin({});
  prove("good");
  offer_new_receivers(0, 200, "");
  EXPECT_THAT(all_next(), SizeIs(24)) << "a quarter of the senders is left";
  for (std::uint32_t i = 1'000; i < 1'020; ++i) {
    EXPECT_TRUE(offer(i, "good"));
    EXPECT_THAT(all_next(), ElementsAre(id_of(i)));
    done(id_of(i));
  }
}

TEST_F(DeliveryScheduleTest, ASlowAnswerProvesNothing) {
  begin({});
  EXPECT_TRUE(offer(500, "slow"));
  EXPECT_EQ(schedule.next(), id_of(500));
  done(id_of(500), Heard::silence);
  offer_new_receivers(0, 200, "");
  EXPECT_THAT(all_next(), SizeIs(24));
  EXPECT_TRUE(offer(501, "slow"));
  EXPECT_THAT(all_next(), IsEmpty());
}

TEST_F(DeliveryScheduleTest, ReceiversThatDidNotAnswerLeaveSendersToNewOnes) {
  begin({.senders = 8});
  for (std::uint32_t i = 0; i < 9; ++i) {
    EXPECT_TRUE(offer(i, "dead" + std::to_string(i)));
    EXPECT_EQ(schedule.next(), id_of(i));
    done(id_of(i), Heard::silence);
  }
  for (std::uint32_t i = 0; i < 9; ++i)
    EXPECT_TRUE(offer(10 + i, "dead" + std::to_string(i)));
  EXPECT_THAT(all_next(), SizeIs(4)) << "half of the senders";
  EXPECT_TRUE(offer(20, "new"));
  EXPECT_THAT(all_next(), ElementsAre(id_of(20)));
  // It is heard of again, and leaves its sender to the next.
  done(id_of(10));
  EXPECT_THAT(all_next(), SizeIs(1));
}

TEST_F(DeliveryScheduleTest, ReceiversThatDidNotAnswerLeaveOneOfTwoSenders) {
  begin({.senders = 2});
  for (std::uint32_t i = 0; i < 2; ++i) {
    EXPECT_TRUE(offer(i, "dead" + std::to_string(i)));
    EXPECT_EQ(schedule.next(), id_of(i));
    done(id_of(i), Heard::silence);
    EXPECT_TRUE(offer(10 + i, "dead" + std::to_string(i)));
  }
  EXPECT_THAT(all_next(), ElementsAre(id_of(10)));
  EXPECT_TRUE(offer(20, "new"));
  EXPECT_THAT(all_next(), ElementsAre(id_of(20)));
}

TEST_F(DeliveryScheduleTest, ReceiversThatDidNotAnswerGetTheirTurnsBesideOthers) {
  begin({.senders = 1});
  EXPECT_TRUE(offer(1, "dead"));
  EXPECT_EQ(schedule.next(), id_of(1));
  done(id_of(1), Heard::silence);
  EXPECT_TRUE(offer(2, "dead"));
  for (std::uint32_t i = 3; i < 9; ++i)
    EXPECT_TRUE(offer(i, "alive"));
  std::vector<JobId> order;
  for (int i = 0; i < 3; ++i) {
    order.push_back(schedule.next().value());
    done(order.back(), order.back() == id_of(2) ? Heard::silence : Heard::prompt);
  }
  EXPECT_THAT(order, Contains(id_of(2)));
}

TEST_F(DeliveryScheduleTest, WhatWasNotSentTellsNothingOfTheReceiver) {
  begin({.senders = 4});
  prove("good");
  EXPECT_TRUE(offer(1, "good"));
  EXPECT_EQ(schedule.next(), id_of(1));
  done(id_of(1), Heard::nothing);
  offer_new_receivers(10, 9, "");
  EXPECT_THAT(all_next(), SizeIs(3));
  EXPECT_TRUE(offer(2, "good"));
  EXPECT_THAT(all_next(), ElementsAre(id_of(2))) << "it is proven as before";
}

TEST_F(DeliveryScheduleTest, HasRoomForSoManyOfAReceiverAndSaysWhenThereIsMore) {
  begin({.senders = 4, .of_receiver = 2});
  EXPECT_TRUE(offer(1, "a"));
  EXPECT_TRUE(offer(2, "a"));
  EXPECT_FALSE(offer(3, "a"));
  EXPECT_TRUE(offer(4, "b")) << "the others have room";
  EXPECT_FALSE(schedule.wants_more());
  EXPECT_EQ(schedule.next(), id_of(1));
  done(id_of(1));
  EXPECT_FALSE(schedule.wants_more());
  while (const auto id = schedule.next())
    done(*id);
  EXPECT_TRUE(schedule.wants_more());
  EXPECT_FALSE(schedule.wants_more()) << "it was said already";
}

TEST_F(DeliveryScheduleTest, HasRoomForSoManyInAll) {
  begin({.senders = 4, .of_receiver = 9, .waiting = 2});
  EXPECT_TRUE(offer(1, "a"));
  EXPECT_TRUE(offer(2, "b"));
  EXPECT_TRUE(schedule.is_full());
  EXPECT_FALSE(offer(3, "c"));
  EXPECT_EQ(schedule.next(), id_of(1));
  EXPECT_TRUE(schedule.wants_more());
  EXPECT_TRUE(offer(3, "c"));
}

TEST_F(DeliveryScheduleTest, ABacklogOfOneTenantLeavesRoomForOthers) {
  begin({});
  std::uint32_t number = 0;
  std::uint32_t taken = 0;
  for (; number < 40'000; ++number)
    taken += offer(number, "host" + std::to_string(number), "anna") ? 1 : 0;
  EXPECT_GT(taken, 2'000U);
  EXPECT_LT(taken, 10'000U);
  EXPECT_TRUE(offer(++number, "b", "bert"));
}

TEST_F(DeliveryScheduleTest, BacklogsOfManyReceiversLeaveRoomForAnother) {
  begin({});
  std::uint32_t number = 0;
  for (int host = 0; host < 1'000; ++host) {
    for (int i = 0; i < 100; ++i)
      offer(++number, "host" + std::to_string(host));
  }
  EXPECT_FALSE(schedule.is_full());
  EXPECT_TRUE(offer(++number, "another"));
}

TEST_F(DeliveryScheduleTest, KeepsNothingOfWhatIsOver) {
  begin({.senders = 4, .of_receiver = 1});
  for (std::uint32_t round = 0; round < 3; ++round) {
    EXPECT_TRUE(offer(1, "a", "anna"));
    EXPECT_FALSE(offer(2, "a", "anna"));
    EXPECT_EQ(schedule.next(), id_of(1));
    EXPECT_TRUE(schedule.wants_more());
    done(id_of(1), Heard::silence);
    EXPECT_EQ(schedule.waiting() + schedule.sending(), 0U);
    EXPECT_FALSE(schedule.wants_more());
  }
}

}  // namespace
}  // namespace darkroom::jobs
