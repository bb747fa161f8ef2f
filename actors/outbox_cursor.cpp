#include "actors/outbox_cursor.hpp"

#include <algorithm>

namespace darkroom::actors {

std::optional<persistence::DuePlace> OutboxCursor::begin_look() {
  looking_since_.reset();
  if (!seen_) return std::nullopt;
  return persistence::DuePlace{.due_at = seen_->due_at - overlap, .id = {}};
}

void OutboxCursor::looked_at(const persistence::DuePlace& place, jobs::Timestamp moment) {
  if (!looking_since_) looking_since_ = moment;
  const auto passed = std::min(place, persistence::DuePlace{.due_at = *looking_since_, .id = {}});
  seen_ = seen_ ? std::max(*seen_, passed) : passed;
}

void OutboxCursor::looked_upto(jobs::Timestamp moment) {
  // Also where that is earlier than before: the clock was set back.
  seen_ = persistence::DuePlace{.due_at = looking_since_.value_or(moment), .id = {}};
}

bool OutboxCursor::begin_round(jobs::SteadyTime now) {
  if (in_round_) return true;
  const auto since = now - round_ended_;
  in_round_ = since >= interval || (wanted_ && since >= pause);
  if (in_round_) wanted_ = false;
  return in_round_;
}

void OutboxCursor::end_round(jobs::SteadyTime now) {
  in_round_ = false;
  round_.reset();
  round_ended_ = now;
}

}  // namespace darkroom::actors
