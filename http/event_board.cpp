#include "http/event_board.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <spdlog/spdlog.h>

namespace darkroom::http {

EventBoard::EventBoard(actors::JobService& jobs, Limits limits) : jobs_(jobs), limits_(limits) {}

EventBoard::Reader::~Reader() {
  if (board_ != nullptr) board_->leave();
}

std::optional<EventBoard::Reader> EventBoard::subscribe() {
  const std::scoped_lock lock{mutex_};
  if (readers_ >= limits_.readers) return std::nullopt;
  if (++readers_ == 1) changed_.notify_all();
  return Reader{this};
}

void EventBoard::leave() {
  const std::scoped_lock lock{mutex_};
  --readers_;
}

std::size_t EventBoard::readers() const {
  const std::scoped_lock lock{mutex_};
  return readers_;
}

std::optional<std::uint64_t> EventBoard::position(Deadline deadline) {
  std::unique_lock lock{mutex_};
  if (!changed_.wait_until(lock, deadline, [this] { return live_; })) return std::nullopt;
  return upto_;
}

EventBoard::News EventBoard::wait(std::uint64_t since, Deadline deadline) {
  std::unique_lock lock{mutex_};
  changed_.wait_until(lock, deadline, [&] { return live_ && since != upto_; });
  News news{.events = {}, .upto = since};
  if (!live_) return news;
  // Also where the service began anew, with a clock that is behind.
  news.missed = since < base_ || since > upto_;
  news.base = base_;
  const auto first = std::ranges::upper_bound(events_, since, {}, &actors::JobEvent::revision);
  news.events.assign(first, events_.end());
  news.upto = upto_;
  return news;
}

void EventBoard::publish(actors::JobEvents news) {
  const std::scoped_lock lock{mutex_};
  if (!live_ || news.since != upto_) {
    // Something happened that nobody will tell us of.
    events_.clear();
    base_ = news.since;
  }
  live_ = true;
  upto_ = news.upto;
  std::ranges::move(news.events, std::back_inserter(events_));
  while (events_.size() > limits_.events) {
    base_ = events_.front().revision;
    events_.pop_front();
  }
  changed_.notify_all();
}

bool EventBoard::wait_for_readers(const std::stop_token& stop) {
  std::unique_lock lock{mutex_};
  if (readers_ == 0) live_ = false;
  return changed_.wait(lock, stop, [this] { return readers_ > 0; }) && !stop.stop_requested();
}

void EventBoard::pause(const std::stop_token& stop, std::chrono::milliseconds time) {
  std::unique_lock lock{mutex_};
  changed_.wait_for(lock, stop, time, [] { return false; });
}

void EventBoard::run(const std::stop_token& stop) {
  bool failing = false;
  while (wait_for_readers(stop)) {
    actors::EventQuery query{.limit = actors::most_events};
    {
      const std::scoped_lock lock{mutex_};
      if (live_) {
        query.since = upto_;
        query.hold_ms = static_cast<std::uint32_t>(limits_.hold.count());
      }
    }
    auto news = jobs_.changes(query);
    if (news) {
      publish(std::move(*news));
    } else if (!failing) {
      spdlog::warn("events of jobs are late: {}", news.error().message);
    }
    failing = !news;
    pause(stop, failing ? limits_.retry : limits_.pause);
  }
}

}  // namespace darkroom::http
