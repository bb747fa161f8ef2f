#include "actors/event_log.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace darkroom::actors {

void EventLog::add(std::vector<JobEvent> events) {
  std::ranges::sort(events, {}, &JobEvent::revision);
  if (events.empty()) return;
  latest_ = events.back().revision;
  std::ranges::move(events, std::back_inserter(events_));
  while (events_.size() > most_) {
    base_ = events_.front().revision;
    events_.pop_front();
  }
}

JobEvents EventLog::behind(const EventQuery& query) const {
  // Also where the one who asks has seen events of a registry whose clock was ahead.
  const auto since = std::clamp(query.since, base_, latest_);
  JobEvents found{.events = {}, .since = since, .upto = latest_};
  const auto first = std::ranges::upper_bound(events_, since, {}, &JobEvent::revision);
  const auto limit = std::clamp<std::size_t>(query.limit, 1, most_events);
  const auto count = std::min(limit, static_cast<std::size_t>(std::distance(first, events_.end())));
  found.events.assign(first, std::next(first, static_cast<std::ptrdiff_t>(count)));
  if (count == limit) found.upto = found.events.back().revision;
  return found;
}

}  // namespace darkroom::actors
