#include "http/client_pace.hpp"

#include <gtest/gtest.h>

namespace darkroom::http {
namespace {

using namespace std::chrono_literals;

constexpr RateFloor floor_of_test{.bytes_per_second = 1'000, .grace = 10s};

TEST(ClientPace, HasItsGraceAtFirst) {
  ClientPace pace{floor_of_test};
  EXPECT_EQ(pace.patience(), 10s);
  pace.waited(4s);
  EXPECT_EQ(pace.patience(), 6s);
  pace.waited(7s);
  EXPECT_EQ(pace.patience(), 0s);
}

TEST(ClientPace, NeverEndsForAClientAtTheFloor) {
  ClientPace pace{floor_of_test};
  for (int second = 0; second < 1'000; ++second) {
    pace.waited(1s);
    pace.moved(1'000);
  }
  EXPECT_GT(pace.patience(), 9s);
}

TEST(ClientPace, EndsForAClientThatTrickles) {
  ClientPace pace{floor_of_test};
  int seconds = 0;
  while (pace.patience() > 0s && seconds < 100) {
    pace.moved(1);
    pace.waited(1s);
    ++seconds;
  }
  EXPECT_EQ(seconds, 11);  // Ten bytes are worth a hundredth of a second.
}

TEST(ClientPace, SavesNothingForLater) {
  ClientPace pace{floor_of_test};
  pace.moved(std::uint64_t{1} << 60U);
  EXPECT_EQ(pace.patience(), 10s);
}

TEST(ClientPace, StartsAnewWithAMessage) {
  ClientPace pace{floor_of_test};
  pace.waited(10s);
  pace.restart();
  EXPECT_EQ(pace.patience(), 10s);
}

TEST(ClientPace, IsEndlessWithoutAFloor) {
  ClientPace pace{RateFloor{.bytes_per_second = 0, .grace = 1s}};
  pace.waited(24h);
  pace.moved(1);
  EXPECT_EQ(pace.patience(), ClientPace::Duration::max());
}

}  // namespace
}  // namespace darkroom::http
