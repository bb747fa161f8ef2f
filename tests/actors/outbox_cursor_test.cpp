#include "actors/outbox_cursor.hpp"

#include <gtest/gtest.h>

namespace darkroom::actors {
namespace {

using namespace std::chrono_literals;
using persistence::DuePlace;

constexpr jobs::SteadyTime start{};

DuePlace due(std::chrono::milliseconds at) {
  return {.due_at = jobs::Timestamp{at}, .id = jobs::JobId::generate(jobs::Timestamp{at})};
}

TEST(OutboxCursor, LooksFromWhereTheLastLookEndedAndSomewhatBefore) {
  OutboxCursor cursor{start};
  EXPECT_FALSE(cursor.look_from()) << "from the beginning";
  cursor.looked_at(due(100s));
  cursor.looked_at(due(98s));  // The overlap of another look.
  EXPECT_EQ(cursor.look_from(), (DuePlace{.due_at = jobs::Timestamp{95s}, .id = {}}));
}

TEST(OutboxCursor, ReadsWhatIsPendingStillOnlyOnceItWasSeen) {
  OutboxCursor cursor{start};
  cursor.looked_at(due(100s));
  cursor.looked_upto(jobs::Timestamp{700s});
  EXPECT_EQ(cursor.look_from()->due_at, jobs::Timestamp{695s});
  cursor.looked_upto(jobs::Timestamp{300s});
  EXPECT_EQ(cursor.look_from()->due_at, jobs::Timestamp{295s}) << "the clock was set back";
}

TEST(OutboxCursor, GoesThroughAllOfItNowAndThen) {
  OutboxCursor cursor{start};
  EXPECT_FALSE(cursor.begin_round(start + OutboxCursor::interval - 1ms));
  EXPECT_TRUE(cursor.begin_round(start + OutboxCursor::interval));
  EXPECT_FALSE(cursor.round_from());
}

TEST(OutboxCursor, GoesThroughAllOfItWhereThatIsWantedButNotTooOften) {
  OutboxCursor cursor{start};
  cursor.want_round();
  EXPECT_FALSE(cursor.begin_round(start + OutboxCursor::pause - 1ms));
  EXPECT_TRUE(cursor.begin_round(start + OutboxCursor::pause));
  // What it costs itself does not count as a pause.
  const auto end = start + 40s;
  cursor.end_round(end);
  EXPECT_FALSE(cursor.begin_round(end + OutboxCursor::pause)) << "nobody wants it any more";
  cursor.want_round();
  EXPECT_FALSE(cursor.begin_round(end + OutboxCursor::pause - 1ms));
  EXPECT_TRUE(cursor.begin_round(end + OutboxCursor::pause));
}

TEST(OutboxCursor, GoesOnWithARoundWhereItWas) {
  OutboxCursor cursor{start};
  ASSERT_TRUE(cursor.begin_round(start + OutboxCursor::interval));
  const auto place = due(7s);
  cursor.round_at(place);
  EXPECT_TRUE(cursor.begin_round(start + OutboxCursor::interval + 1ms)) << "it has not ended";
  EXPECT_EQ(cursor.round_from(), place);
  cursor.end_round(start + 70s);
  EXPECT_FALSE(cursor.round_from()) << "the next begins at the beginning";
}

TEST(OutboxCursor, ARoundLeavesLooksAlone) {
  OutboxCursor cursor{start};
  cursor.looked_at(due(100s));
  ASSERT_TRUE(cursor.begin_round(start + OutboxCursor::interval));
  cursor.round_at(due(7s));
  EXPECT_EQ(cursor.look_from()->due_at, jobs::Timestamp{95s});
}

}  // namespace
}  // namespace darkroom::actors
