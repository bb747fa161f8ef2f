#include "http/event_replay.hpp"

#include <algorithm>
#include <utility>

namespace darkroom::http {

namespace {

/// What is behind `upto` is found elsewhere.
void put(actors::JobEvents found, std::uint64_t upto, EventBoard::News& news) {
  std::erase_if(found.events, [&](const actors::JobEvent& event) { return event.revision > upto; });
  news.upto = std::min(found.upto, upto);
  news.events = std::move(found.events);
}

}  // namespace

std::uint64_t EventReplay::end_of_missed(std::uint64_t since, std::uint64_t base) const {
  // Neither is behind `since` where the service began anew, with a clock that is behind.
  return remembered_from_ > since && base > since ? std::min(remembered_from_, base) : base;
}

EventReplay::Outcome EventReplay::fill(std::uint64_t since, EventBoard::News& news,
                                       std::chrono::milliseconds patience) {
  news.events.clear();
  const std::unique_lock turn{turns_, patience};
  if (!turn) {
    news.upto = since;
    return Outcome::waiting;
  }
  if (since >= remembered_from_) {
    auto remembered = jobs_.changes({.since = since, .limit = actors::most_events});
    if (!remembered) return Outcome::failed;
    if (remembered->since == since && remembered->upto > since) {
      put(std::move(*remembered), news.base, news);
      return Outcome::told;
    }
    remembered_from_ = remembered->since;
  }
  const auto missed_upto = end_of_missed(since, news.base);
  const bool is_past = since < came_at_;
  if (is_past && left_ == 0) {
    news.upto = missed_upto > since ? std::min(came_at_, missed_upto) : came_at_;
    return Outcome::gap;
  }
  const auto limit = is_past ? std::min<std::size_t>(actors::most_events, left_)
                             : std::size_t{actors::most_events};
  auto ended = jobs_.ended({.since = since, .limit = static_cast<std::uint32_t>(limit)});
  if (!ended) return Outcome::failed;
  if (is_past) left_ -= limit;
  put(std::move(*ended), missed_upto, news);
  return Outcome::told;
}

}  // namespace darkroom::http
