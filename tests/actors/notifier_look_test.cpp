#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/notifier.hpp"
#include "tests/actors/virtual_time_test.hpp"

namespace darkroom::actors {
namespace {

using namespace std::chrono_literals;
using persistence::DuePlace;
using testing::SizeIs;

/// A notifier, and a catalogue that gives the pages it is told to.
class NotifierLook : public VirtualTimeTest {
 protected:
  struct Script {
    std::deque<DueList> pages;  ///< Then empty ones, of `moment`.
    jobs::Timestamp moment;
    std::vector<DueQuery> asked;
  };

  static CatalogueActor::behavior_type follow(CatalogueActor::pointer /*self*/,
                                              const std::shared_ptr<Script>& script) {
    return {[](atom::list, const JobQuery&) { return JobPage{}; },
            [](atom::batch, const jobs::JobId&) { return BatchState{}; },
            [](atom::ended, const EventQuery&) { return JobEvents{}; },
            [](atom::deliveries, const jobs::JobId&) { return DeliveryList{}; },
            [script](atom::due, const DueQuery& query) {
              script->asked.push_back(query);
              DueList page{.deliveries = {}, .last = {}, .more = false, .upto = script->moment};
              if (script->pages.empty()) return page;
              page = std::move(script->pages.front());
              script->pages.pop_front();
              return page;
            }};
  }

  static DuePlace place(std::chrono::milliseconds at) {
    const jobs::Timestamp time{at};
    return {.due_at = time, .id = jobs::JobId::generate(time)};
  }

  /// A page read at this moment, up to a place, with others behind it.
  static DueList page(std::chrono::milliseconds moment, const DuePlace& last) {
    return {.deliveries = {}, .last = last, .more = true, .upto = jobs::Timestamp{moment}};
  }

  std::shared_ptr<Script> script = std::make_shared<Script>();
};

TEST_F(NotifierLook, LooksAgainForWhatCameAtAPlaceThatALongLookHadPassed) {
  const auto first = place(900s);
  const auto second = place(1'003s);
  script->pages = {page(1'000s, first), page(1'004s, second)};
  script->moment = jobs::Timestamp{1'020s};  // So long the pages took.
  const auto notifier = keep(system().spawn(actors::notifier, NotifierOptions{}));
  caf::anon_send(notifier, atom::catalogue_v, keep(system().spawn(follow, script)));
  run();
  ASSERT_THAT(script->asked, SizeIs(3));
  EXPECT_EQ(script->asked[1].behind, first);
  EXPECT_EQ(script->asked[2].behind, second);
  // What was due at 1,002 s, and written when the look had passed it, is behind this place.
  advance(1'100ms);
  ASSERT_THAT(script->asked, SizeIs(4));
  EXPECT_EQ(script->asked[3].behind, (DuePlace{.due_at = jobs::Timestamp{995s}, .id = {}}));
  advance(1s);
  ASSERT_THAT(script->asked, SizeIs(5));
  EXPECT_EQ(script->asked[4].behind, (DuePlace{.due_at = jobs::Timestamp{1'015s}, .id = {}}));
}

}  // namespace
}  // namespace darkroom::actors
