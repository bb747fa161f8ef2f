#include "actors/event_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "jobs/timestamp.hpp"

namespace darkroom::actors {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<JobEvent> numbered(std::initializer_list<std::uint64_t> revisions) {
  std::vector<JobEvent> events;
  for (const auto revision : revisions)
    events.push_back(
        {.revision = revision, .id = jobs::JobId::generate(jobs::system_now()), .at = {}});
  return events;
}

std::vector<std::uint64_t> revisions_of(const JobEvents& found) {
  std::vector<std::uint64_t> revisions;
  for (const auto& event : found.events)
    revisions.push_back(event.revision);
  return revisions;
}

TEST(EventLog, TellsWhatIsBehindARevisionInOrder) {
  EventLog log{10, 100};
  log.add(numbered({103, 101}));
  log.add(numbered({105}));
  const auto all = log.behind({.since = 100});
  EXPECT_THAT(revisions_of(all), ElementsAre(101U, 103U, 105U));
  EXPECT_EQ(all.since, 100U);
  EXPECT_EQ(all.upto, 105U);
  EXPECT_THAT(revisions_of(log.behind({.since = 103})), ElementsAre(105U));
  EXPECT_THAT(revisions_of(log.behind({.since = 105})), IsEmpty());
}

TEST(EventLog, TellsNoMoreAtOnceThanIsAskedFor) {
  EventLog log{10, 0};
  log.add(numbered({1, 2, 3}));
  const auto first = log.behind({.since = 0, .limit = 2});
  EXPECT_THAT(revisions_of(first), ElementsAre(1U, 2U));
  EXPECT_EQ(first.upto, 2U);
  EXPECT_THAT(revisions_of(log.behind({.since = first.upto, .limit = 2})), ElementsAre(3U));
  EXPECT_THAT(revisions_of(log.behind({.since = 0, .limit = 0})), ElementsAre(1U));
}

TEST(EventLog, SaysFromWhereOnItRemembers) {
  EventLog log{2, 10};
  EXPECT_EQ(log.behind({.since = 3}).since, 10U);
  log.add(numbered({11}));
  log.add(numbered({12, 13}));
  const auto found = log.behind({.since = 10});
  EXPECT_EQ(found.since, 11U);
  EXPECT_THAT(revisions_of(found), ElementsAre(12U, 13U));
}

TEST(EventLog, RemembersAllOfACommitOrNothing) {
  EventLog log{2, 10};
  log.add(numbered({11, 12, 13}));
  EXPECT_THAT(revisions_of(log.behind({.since = 10})), ElementsAre(11U, 12U, 13U));
  log.add(numbered({14}));
  EXPECT_THAT(revisions_of(log.behind({.since = 10})), ElementsAre(11U, 12U, 13U, 14U));
  log.add(numbered({15}));
  const auto found = log.behind({.since = 10});
  EXPECT_EQ(found.since, 13U);
  EXPECT_THAT(revisions_of(found), ElementsAre(14U, 15U));
}

TEST(EventLog, KeepsEachMember) {
  const JobEvent event{.revision = 11,
                       .id = jobs::JobId::generate(jobs::system_now()),
                       .batch = jobs::JobId::generate(jobs::system_now()),
                       .tenant = "a",
                       .queue = "bulk",
                       .status = jobs::JobStatus::failed,
                       .created = true,
                       .deleted = true,
                       .renditions = {"small", "large"},
                       .done = 2,
                       .total = 3,
                       .attempt = 4,
                       .error_message = "Corrupted image file",
                       .at = jobs::system_now()};
  const JobEvent empty{.revision = 12, .id = event.id, .at = {}};
  EventLog log{10, 10};
  log.add({event, empty});
  EXPECT_THAT(log.behind({.since = 10}).events, ElementsAre(event, empty));
}

TEST(EventLog, BeginsWithTheLatestForWhoeverHasSeenNothingOrTooMuch) {
  EventLog log{10, 0};
  log.add(numbered({7}));
  for (const auto since : {EventQuery::now, std::uint64_t{8}}) {
    const auto found = log.behind({.since = since});
    EXPECT_THAT(revisions_of(found), IsEmpty());
    EXPECT_EQ(found.since, 7U);
    EXPECT_EQ(found.upto, 7U);
  }
}

}  // namespace
}  // namespace darkroom::actors
