#include "jobs/receiver_standings.hpp"

#include <gtest/gtest.h>

namespace darkroom::jobs {
namespace {

using namespace std::chrono_literals;

constexpr SteadyTime start{};

TEST(ReceiverStandings, GoByTheLastThatWasHeard) {
  ReceiverStandings standings;
  EXPECT_EQ(standings.of("a", start), Standing::unknown);
  standings.note("a", true, start);
  EXPECT_EQ(standings.of("a", start), Standing::proven);
  EXPECT_EQ(standings.of("b", start), Standing::unknown);
  standings.note("a", false, start);
  EXPECT_EQ(standings.of("a", start), Standing::silent);
  standings.note("a", true, start);
  EXPECT_EQ(standings.of("a", start), Standing::proven);
  EXPECT_EQ(standings.size(), 1U);
}

TEST(ReceiverStandings, AnAnswerProvesNothingForEver) {
  ReceiverStandings standings;
  standings.note("a", true, start);
  EXPECT_EQ(standings.of("a", start + ReceiverStandings::lasting - 1ms), Standing::proven);
  EXPECT_EQ(standings.of("a", start + ReceiverStandings::lasting), Standing::unknown);
}

TEST(ReceiverStandings, ThoseThatSayNothingCannotHaveTheOthersForgotten) {
  ReceiverStandings standings;
  standings.note("good", true, start);
  for (std::size_t i = 0; i < ReceiverStandings::most + 5; ++i)
    standings.note("dead" + std::to_string(i), false, start);
  EXPECT_EQ(standings.size(), ReceiverStandings::most + 1);
  EXPECT_EQ(standings.of("good", start), Standing::proven);
  EXPECT_EQ(standings.of("dead4", start), Standing::unknown) << "the one of longest ago";
  EXPECT_EQ(standings.of("dead5", start), Standing::silent);
}

TEST(ReceiverStandings, ThoseThatAreSentToOftenAreNotForgotten) {
  ReceiverStandings standings;
  standings.note("often", true, start);
  for (std::size_t i = 0; i < ReceiverStandings::most + 5; ++i) {
    standings.note("once" + std::to_string(i), true, start);
    if (i % 100 == 0) standings.note("often", true, start);
  }
  EXPECT_EQ(standings.of("often", start), Standing::proven);
  EXPECT_EQ(standings.of("once0", start), Standing::unknown);
}

}  // namespace
}  // namespace darkroom::jobs
