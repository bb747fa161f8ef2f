#include "http/event_replay.hpp"

#include <chrono>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "jobs/transitions.hpp"
#include "tests/http/in_memory_job_service.hpp"

namespace darkroom::http {
namespace {

using namespace std::chrono_literals;
using Outcome = EventReplay::Outcome;

class EventReplayTest : public testing::Test {
 protected:
  EventReplayTest() {
    for (int i = 0; i < 5; ++i) {
      actors::NewJob wanted;
      wanted.id = jobs::JobId::generate(jobs::system_now());
      wanted.preset = "default";
      EXPECT_TRUE(service.create(wanted));
      service.fail(wanted.id);
    }
    const auto all = service.ended({.since = 0, .limit = 9}).value();
    for (const auto& event : all.events)
      ends.push_back(event.revision);
    service.forget_events();
  }

  [[nodiscard]] EventBoard::News missed() const {
    return {.events = {}, .upto = 0, .missed = true, .base = ends.back()};
  }

  InMemoryJobService service;
  std::vector<std::uint64_t> ends;
  std::timed_mutex turns;
};

TEST_F(EventReplayTest, TellsOfNoMoreThanItMayOfWhatEndedBefore) {
  EventReplay replay{service, turns, ends.back(), 2};
  auto news = missed();
  ASSERT_EQ(replay.fill(0, news, 1s), Outcome::told);
  ASSERT_EQ(news.events.size(), 2U);
  EXPECT_EQ(news.upto, ends[1]);
  news = missed();
  ASSERT_EQ(replay.fill(ends[1], news, 1s), Outcome::gap);
  EXPECT_TRUE(news.events.empty());
  EXPECT_EQ(news.upto, ends.back());
}

TEST_F(EventReplayTest, LeavesOutNothingThatHasEndedSince) {
  EventReplay replay{service, turns, ends[1], 0};
  auto news = missed();
  ASSERT_EQ(replay.fill(0, news, 1s), Outcome::gap);
  EXPECT_EQ(news.upto, ends[1]) << "and no further";
  news = missed();
  ASSERT_EQ(replay.fill(ends[1], news, 1s), Outcome::told);
  EXPECT_EQ(news.events.size(), 3U);
}

TEST_F(EventReplayTest, TellsFirstOfAllWhatTheRegistryRemembers) {
  actors::NewJob wanted;
  wanted.id = jobs::JobId::generate(jobs::system_now());
  wanted.preset = "default";
  const auto begin = service.changes({}).value().upto;
  ASSERT_TRUE(service.create(wanted));
  service.fail(wanted.id);
  const auto end = service.changes({}).value().upto;
  EventReplay replay{service, turns, end, 0};
  EventBoard::News news{.events = {}, .upto = 0, .missed = true, .base = end};
  ASSERT_EQ(replay.fill(0, news, 1s), Outcome::gap);
  EXPECT_EQ(news.upto, begin) << "what is behind is remembered";
  ASSERT_EQ(replay.fill(begin, news, 1s), Outcome::told);
  EXPECT_EQ(news.events.size(), 3U) << "it is there, it is begun, it has failed";
  EXPECT_EQ(news.upto, end);
  // Who may be told of old ends gets those up to there, and then the same.
  EventReplay patient{service, turns, end, 9};
  ASSERT_EQ(patient.fill(0, news, 1s), Outcome::told);
  EXPECT_EQ(news.events.size(), ends.size());
  EXPECT_EQ(news.upto, begin);
}

TEST_F(EventReplayTest, SkipsNothingThatTheBoardHas) {
  EventReplay replay{service, turns, ends.back(), 0};
  EventBoard::News news{.events = {}, .upto = 0, .missed = true, .base = ends[2]};
  ASSERT_EQ(replay.fill(0, news, 1s), Outcome::gap);
  EXPECT_EQ(news.upto, ends[2]);
}

TEST_F(EventReplayTest, GoesOnAlsoWhereTheRegistryBeganAnewWithAClockThatIsBehind) {
  const auto latest = service.changes({}).value().upto;
  EventReplay replay{service, turns, latest, 9};
  EventBoard::News news{.events = {}, .upto = 0, .missed = true, .base = latest + 1'000};
  ASSERT_EQ(replay.fill(latest, news, 1s), Outcome::told);
  EXPECT_EQ(news.upto, news.base) << "else the same would be asked over and over";
}

TEST_F(EventReplayTest, ReadsOnlyWhileNobodyElseDoes) {
  EventReplay replay{service, turns, ends.back(), 9};
  std::promise<void> held;
  std::promise<void> done;
  std::jthread other{[&] {
    const std::scoped_lock turn{turns};
    held.set_value();
    done.get_future().wait();
  }};
  held.get_future().wait();
  auto news = missed();
  EXPECT_EQ(replay.fill(7, news, 1ms), Outcome::waiting);
  EXPECT_EQ(news.upto, 7U);
  done.set_value();
  other.join();
  news = missed();
  EXPECT_EQ(replay.fill(0, news, 10s), Outcome::told);
  EXPECT_EQ(news.events.size(), 5U);
}

}  // namespace
}  // namespace darkroom::http
