#include "http/connection_places.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace darkroom::http {
namespace {

using Places = ConnectionPlaces;

// Each call is a second after the one before.
class ConnectionPlacesTest : public ::testing::Test {
 protected:
  Places::Place& waiting(int descriptor, const std::string& client) {
    return places_.open(descriptor, client, now_ += std::chrono::seconds{1});
  }
  Places::Place& busy(int descriptor, const std::string& client) {
    Places::Place& place = waiting(descriptor, client);
    EXPECT_TRUE(places_.begin_request(place, now_ += std::chrono::seconds{1}));
    return place;
  }
  /// The descriptor of the connection that has to go; -1 for none.
  int loser(const std::string& client) {
    const auto* const place = places_.make_room(client);
    return place == nullptr ? -1 : place->descriptor;
  }

  Places places_;
  jobs::SteadyTime now_{std::chrono::seconds{1'000}};
};

TEST_F(ConnectionPlacesTest, TheOneThatWaitsLongestGoesFirst) {
  busy(1, "a");
  waiting(2, "a");
  waiting(3, "a");
  EXPECT_EQ(loser("a"), 2);
  EXPECT_EQ(loser("a"), 3);
  EXPECT_EQ(loser("a"), -1);
  EXPECT_EQ(places_.size(), 1U);
  EXPECT_EQ(places_.all().size(), 3U);
}

TEST_F(ConnectionPlacesTest, WaitingStartsAnewAfterARequest) {
  auto& first = waiting(1, "a");
  waiting(2, "a");
  ASSERT_TRUE(places_.begin_request(first, now_ += std::chrono::seconds{1}));
  places_.wait_for_request(first, now_ += std::chrono::seconds{1});
  EXPECT_EQ(loser("a"), 2);
}

TEST_F(ConnectionPlacesTest, TheClientWithMostConnectionsLosesOne) {
  waiting(1, "a");
  waiting(2, "b");
  waiting(3, "b");
  EXPECT_EQ(loser("c"), 2);
}

TEST_F(ConnectionPlacesTest, WithoutOneThatWaitsTheLongestRequestOfTheLargestClientGoes) {
  busy(1, "a");
  busy(2, "b");
  busy(3, "b");
  busy(4, "b");
  EXPECT_EQ(loser("c"), 2);
  EXPECT_EQ(loser("c"), 3);
  EXPECT_EQ(loser("c"), -1);  // Each has one request now.
}

TEST_F(ConnectionPlacesTest, TwoClientsDoNotTakeTurnsAtAPlace) {
  busy(1, "a");
  busy(2, "a");
  busy(3, "b");
  EXPECT_EQ(loser("b"), -1);
  EXPECT_EQ(loser("a"), -1);
}

TEST_F(ConnectionPlacesTest, AClientWithMoreThanHalfTakesNobodyElsesPlace) {
  waiting(1, "a");
  for (int i = 2; i < 6; ++i)
    busy(i, "b");
  EXPECT_EQ(loser("b"), -1);
  EXPECT_EQ(loser("c"), 1);
}

TEST_F(ConnectionPlacesTest, ProxiesLoseNoRequest) {
  for (int i = 1; i < 5; ++i)
    busy(i, "");
  EXPECT_EQ(loser("a"), -1);
  EXPECT_EQ(loser(""), -1);
  waiting(6, "");
  EXPECT_EQ(loser(""), 6);
}

TEST_F(ConnectionPlacesTest, ALostPlaceIsNotHadAgain) {
  auto& place = waiting(1, "a");
  EXPECT_EQ(loser("b"), 1);
  places_.wait_for_request(place, now_);
  EXPECT_FALSE(places_.begin_request(place, now_));
  EXPECT_EQ(loser("b"), -1);
  EXPECT_EQ(places_.size(), 0U);
  places_.close(place);
  EXPECT_TRUE(places_.all().empty());
}

TEST_F(ConnectionPlacesTest, ClosedConnectionsCountNoMore) {
  auto& first = busy(1, "a");
  busy(2, "a");
  places_.close(first);
  EXPECT_EQ(loser("b"), -1);
  EXPECT_EQ(places_.size(), 1U);
}

}  // namespace
}  // namespace darkroom::http
