#include "jobs/queue_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace darkroom::jobs {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

SteadyTime at(int ms) {
  return SteadyTime{milliseconds{ms}};
}

TEST(QueueWatch, TellsEachChangeOnce) {
  QueueWatch watch{milliseconds{100}};
  EXPECT_THAT(watch.note({"a"}, at(0)).begun, IsEmpty());
  EXPECT_THAT(watch.note({"a", "b"}, at(99)).begun, IsEmpty());
  EXPECT_THAT(watch.note({"a", "b"}, at(100)).begun, ElementsAre("a"));
  EXPECT_THAT(watch.note({"a", "b"}, at(199)).begun, ElementsAre("b"));
  EXPECT_THAT(watch.note({"a", "b"}, at(500)).begun, IsEmpty());
  const auto changes = watch.note({"b"}, at(501));
  EXPECT_THAT(changes.begun, IsEmpty());
  EXPECT_THAT(changes.ended, ElementsAre("a"));
  EXPECT_THAT(watch.note({"b"}, at(502)).ended, IsEmpty());
}

TEST(QueueWatch, SaysNothingOfWhatPassesByItself) {
  QueueWatch watch{milliseconds{100}};
  EXPECT_THAT(watch.note({"a"}, at(0)).begun, IsEmpty());
  EXPECT_THAT(watch.note({}, at(90)).ended, IsEmpty());
  EXPECT_THAT(watch.note({"a"}, at(95)).begun, IsEmpty());
  EXPECT_THAT(watch.note({"a"}, at(194)).begun, IsEmpty()) << "it began anew";
  EXPECT_THAT(watch.note({"a"}, at(195)).begun, ElementsAre("a"));
}

}  // namespace
}  // namespace darkroom::jobs
