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

/// Behind which a look begins that comes next.
jobs::Timestamp next_look(OutboxCursor& cursor) {
  return cursor.begin_look().value_or(DuePlace{}).due_at;
}

TEST(OutboxCursor, LooksFromWhereTheLastLookEndedAndSomewhatBefore) {
  OutboxCursor cursor{start};
  EXPECT_FALSE(cursor.begin_look()) << "from the beginning";
  cursor.looked_at(due(100s), jobs::Timestamp{200s});
  cursor.looked_at(due(98s), jobs::Timestamp{200s});  // The overlap of another look.
  EXPECT_EQ(cursor.begin_look(), (DuePlace{.due_at = jobs::Timestamp{95s}, .id = {}}));
}

TEST(OutboxCursor, ReadsWhatIsPendingStillOnlyOnceItWasSeen) {
  OutboxCursor cursor{start};
  cursor.looked_at(due(100s), jobs::Timestamp{700s});
  cursor.looked_upto(jobs::Timestamp{700s});
  EXPECT_EQ(next_look(cursor), jobs::Timestamp{695s});
  cursor.looked_upto(jobs::Timestamp{300s});
  EXPECT_EQ(next_look(cursor), jobs::Timestamp{295s}) << "the clock was set back";
}

TEST(OutboxCursor, HasNotSeenWhatCameWhileALookTookLong) {
  OutboxCursor cursor{start};
  (void)cursor.begin_look();
  cursor.looked_at(due(100s), jobs::Timestamp{700s});
  cursor.looked_at(due(702s), jobs::Timestamp{703s});
  EXPECT_EQ(next_look(cursor), jobs::Timestamp{695s}) << "where it does not go on, too";
  cursor.looked_at(due(698s), jobs::Timestamp{710s});
  cursor.looked_at(due(711s), jobs::Timestamp{720s});
  cursor.looked_upto(jobs::Timestamp{740s});
  EXPECT_EQ(next_look(cursor), jobs::Timestamp{705s});
  cursor.looked_upto(jobs::Timestamp{741s});
  EXPECT_EQ(next_look(cursor), jobs::Timestamp{736s}) << "another look";
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
  cursor.looked_at(due(100s), jobs::Timestamp{200s});
  ASSERT_TRUE(cursor.begin_round(start + OutboxCursor::interval));
  cursor.round_at(due(7s));
  EXPECT_EQ(next_look(cursor), jobs::Timestamp{95s});
}

}  // namespace
}  // namespace darkroom::actors
