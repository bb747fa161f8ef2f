#include "jobs/delivery_schedule.hpp"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace darkroom::jobs {
namespace {

using testing::ElementsAre;

JobId id_of(std::uint8_t number) {
  JobId::Bytes bytes{};
  bytes.back() = number;
  return JobId{bytes};
}

std::vector<JobId> all_next(DeliverySchedule& schedule) {
  std::vector<JobId> taken;
  while (const auto id = schedule.next())
    taken.push_back(*id);
  return taken;
}

TEST(DeliverySchedule, SendsAReceiverOneAtATime) {
  DeliverySchedule schedule{{.senders = 4}};
  EXPECT_TRUE(schedule.offer(id_of(1), "a"));
  EXPECT_TRUE(schedule.offer(id_of(2), "a"));
  EXPECT_TRUE(schedule.offer(id_of(3), "b"));
  EXPECT_THAT(all_next(schedule), ElementsAre(id_of(1), id_of(3)));
  schedule.done(id_of(1), true);
  EXPECT_THAT(all_next(schedule), ElementsAre(id_of(2)));
  EXPECT_TRUE(schedule.offer(id_of(4), "a"));
  EXPECT_THAT(all_next(schedule), ElementsAre()) << "while another is on its way";
  schedule.done(id_of(2), true);
  EXPECT_THAT(all_next(schedule), ElementsAre(id_of(4)));
}

TEST(DeliverySchedule, SendsNoMoreAtOnceThanItHasSenders) {
  DeliverySchedule schedule{{.senders = 2}};
  for (std::uint8_t i = 1; i <= 3; ++i)
    EXPECT_TRUE(schedule.offer(id_of(i), std::string(1, static_cast<char>('a' + i))));
  EXPECT_THAT(all_next(schedule), ElementsAre(id_of(1), id_of(2)));
  schedule.done(id_of(2), true);
  EXPECT_THAT(all_next(schedule), ElementsAre(id_of(3)));
}

TEST(DeliverySchedule, GivesEachReceiverItsTurn) {
  DeliverySchedule schedule{{.senders = 1}};
  for (std::uint8_t i = 1; i <= 3; ++i)
    EXPECT_TRUE(schedule.offer(id_of(i), "a"));
  EXPECT_TRUE(schedule.offer(id_of(9), "b"));
  std::vector<JobId> order;
  while (const auto id = schedule.next()) {
    order.push_back(*id);
    schedule.done(*id, true);
  }
  EXPECT_THAT(order, ElementsAre(id_of(1), id_of(9), id_of(2), id_of(3)));
}

TEST(DeliverySchedule, KnowsWhatWaitsOrIsBeingSent) {
  DeliverySchedule schedule{{.senders = 4}};
  EXPECT_TRUE(schedule.offer(id_of(1), "a"));
  EXPECT_TRUE(schedule.offer(id_of(1), "a"));
  EXPECT_EQ(schedule.waiting(), 1U);
  EXPECT_THAT(all_next(schedule), ElementsAre(id_of(1)));
  EXPECT_TRUE(schedule.offer(id_of(1), "a"));
  EXPECT_EQ(schedule.waiting(), 0U);
  schedule.done(id_of(1), true);
  EXPECT_TRUE(schedule.offer(id_of(1), "a"));
  EXPECT_THAT(all_next(schedule), ElementsAre(id_of(1))) << "it is to be sent again";
}

TEST(DeliverySchedule, ReceiversThatDoNotAnswerLeaveASenderToTheOthers) {
  DeliverySchedule schedule{{.senders = 2}};
  for (std::uint8_t i = 0; i < 3; ++i) {
    const std::string dead = "dead" + std::to_string(i);
    EXPECT_TRUE(schedule.offer(id_of(i), dead));
    EXPECT_EQ(schedule.next(), id_of(i));
    schedule.done(id_of(i), false);
  }
  for (std::uint8_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(
        schedule.offer(id_of(static_cast<std::uint8_t>(10 + i)), "dead" + std::to_string(i)));
  }
  EXPECT_THAT(all_next(schedule), ElementsAre(id_of(10)));
  EXPECT_TRUE(schedule.offer(id_of(20), "alive"));
  EXPECT_THAT(all_next(schedule), ElementsAre(id_of(20)));
  // It is heard of again, and is as any other from then on.
  schedule.done(id_of(10), true);
  EXPECT_THAT(all_next(schedule), ElementsAre(id_of(11)));
}

TEST(DeliverySchedule, ReceiversThatDoNotAnswerGetTheirTurnsBesideOthers) {
  DeliverySchedule schedule{{.senders = 1}};
  EXPECT_TRUE(schedule.offer(id_of(1), "dead"));
  EXPECT_EQ(schedule.next(), id_of(1));
  schedule.done(id_of(1), false);
  EXPECT_TRUE(schedule.offer(id_of(2), "dead"));
  for (std::uint8_t i = 3; i < 9; ++i)
    EXPECT_TRUE(schedule.offer(id_of(i), "alive"));
  std::vector<JobId> order;
  for (int i = 0; i < 3; ++i) {
    order.push_back(schedule.next().value());
    schedule.done(order.back(), order.back() != id_of(2));
  }
  EXPECT_THAT(order, testing::Contains(id_of(2)));
}

TEST(DeliverySchedule, HasRoomForSoManyOfAReceiverAndSaysWhenThereIsMore) {
  DeliverySchedule schedule{{.senders = 4, .of_receiver = 2}};
  EXPECT_TRUE(schedule.offer(id_of(1), "a"));
  EXPECT_TRUE(schedule.offer(id_of(2), "a"));
  EXPECT_FALSE(schedule.offer(id_of(3), "a"));
  EXPECT_TRUE(schedule.offer(id_of(4), "b")) << "the others have room";
  EXPECT_FALSE(schedule.wants_more());
  EXPECT_EQ(schedule.next(), id_of(1));
  schedule.done(id_of(1), true);
  EXPECT_FALSE(schedule.wants_more());
  while (const auto id = schedule.next())
    schedule.done(*id, true);
  EXPECT_TRUE(schedule.wants_more());
  EXPECT_FALSE(schedule.wants_more()) << "it was said already";
}

TEST(DeliverySchedule, HasRoomForSoManyInAll) {
  DeliverySchedule schedule{{.senders = 4, .of_receiver = 9, .waiting = 2}};
  EXPECT_TRUE(schedule.offer(id_of(1), "a"));
  EXPECT_TRUE(schedule.offer(id_of(2), "b"));
  EXPECT_FALSE(schedule.offer(id_of(3), "c"));
  EXPECT_EQ(schedule.next(), id_of(1));
  EXPECT_TRUE(schedule.wants_more());
  EXPECT_TRUE(schedule.offer(id_of(3), "c"));
}

}  // namespace
}  // namespace darkroom::jobs
