#include "http/event_replay.hpp"

#include <algorithm>
#include <utility>

namespace darkroom::http {

EventReplay::Outcome EventReplay::fill(std::uint64_t since, EventBoard::News& news,
                                       std::chrono::milliseconds patience) {
  news.events.clear();
  const bool is_past = since < came_at_;
  if (is_past && left_ == 0) {
    news.upto = came_at_;
    return Outcome::gap;
  }
  const std::unique_lock turn{turns_, patience};
  if (!turn) {
    news.upto = since;
    return Outcome::waiting;
  }
  const auto limit = is_past ? std::min<std::size_t>(actors::most_events, left_)
                             : std::size_t{actors::most_events};
  auto ended = jobs_.ended({.since = since, .limit = static_cast<std::uint32_t>(limit)});
  if (!ended) return Outcome::failed;
  if (is_past) left_ -= limit;
  std::erase_if(ended->events,
                [&](const actors::JobEvent& event) { return event.revision > news.base; });
  news.upto = std::min(ended->upto, news.base);
  news.events = std::move(ended->events);
  return Outcome::told;
}

}  // namespace darkroom::http
