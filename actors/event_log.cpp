#include "actors/event_log.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "persistence/field_reader.hpp"
#include "persistence/field_writer.hpp"

namespace darkroom::actors {
namespace {

// For the memory of this process alone, so the numbers may change.

constexpr auto name_fields = [](auto& io, auto& name) { io.field(1, name); };

constexpr auto event_fields = [](auto& io, auto& event) {
  io.field(1, event.revision);
  io.field(2, event.id);
  io.field(3, event.batch);
  io.field(4, event.tenant);
  io.field(5, event.queue);
  io.field(6, event.status);
  io.field(7, event.created);
  io.field(8, event.deleted);
  io.list(9, event.renditions, name_fields);
  io.field(10, event.done);
  io.field(11, event.total);
  io.field(12, event.attempt);
  io.field(13, event.error_message);
  io.field(14, event.at);
};

std::string pack(const std::vector<JobEvent>& events) {
  constexpr std::size_t usual_event = 96;  // Bytes.
  std::string packed;
  packed.reserve(events.size() * usual_event);
  persistence::FieldWriter{packed, ""}.list(1, events, event_fields);
  packed.shrink_to_fit();
  return packed;
}

std::vector<JobEvent> unpack(const std::string& packed) {
  std::vector<JobEvent> events;
  std::optional<std::string> problem;
  persistence::FieldReader{packed, "", "", problem}.list(1, events, event_fields);
  return events;
}

}  // namespace

void EventLog::add(std::vector<JobEvent> events) {
  if (events.empty()) return;
  std::ranges::sort(events, {}, &JobEvent::revision);
  latest_ = events.back().revision;
  blocks_.push_back({.last = latest_, .events = events.size(), .packed = pack(events)});
  events_ += events.size();
  while (events_ - blocks_.front().events >= most_) {
    base_ = blocks_.front().last;
    events_ -= blocks_.front().events;
    blocks_.pop_front();
  }
}

JobEvents EventLog::behind(const EventQuery& query) const {
  // Also where the one who asks has seen events of a registry whose clock was ahead.
  const auto since = std::clamp(query.since, base_, latest_);
  JobEvents found{.events = {}, .since = since, .upto = latest_};
  const auto limit = std::clamp<std::size_t>(query.limit, 1, most_events);
  for (auto block = std::ranges::upper_bound(blocks_, since, {}, &Block::last);
       block != blocks_.end() && found.events.size() < limit; ++block) {
    auto events = unpack(block->packed);
    const auto first = std::ranges::upper_bound(events, since, {}, &JobEvent::revision);
    const auto room = static_cast<std::ptrdiff_t>(limit - found.events.size());
    const auto last = std::next(first, std::min(room, std::distance(first, events.end())));
    std::move(first, last, std::back_inserter(found.events));
  }
  if (found.events.size() == limit) found.upto = found.events.back().revision;
  return found;
}

}  // namespace darkroom::actors
