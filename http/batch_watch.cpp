#include "http/batch_watch.hpp"

#include <algorithm>
#include <utility>

#include "http/event_view.hpp"

namespace darkroom::http {
namespace {

using std::chrono::steady_clock;

/// The board answers at once where the service does.
constexpr std::chrono::milliseconds first_wait{1'000};
/// Whoever waits looks that often whether there is still somebody to wait for.
constexpr std::chrono::milliseconds slice{250};
/// Between two looks: each counts all jobs of the batch.
constexpr std::chrono::milliseconds look_interval{100};

}  // namespace

BatchWatch::BatchWatch(EventBoard& board, EventBoard::Reader reader, actors::JobService& jobs,
                       const jobs::JobId& id)
    : board_(board),
      reader_(std::move(reader)),
      jobs_(jobs),
      id_(id),
      position_(board_.position(steady_clock::now() + first_wait)) {}

tl::expected<actors::BatchState, actors::ServiceError> BatchWatch::look() {
  looked_at_ = steady_clock::now();
  auto state = jobs_.batch(id_);
  // Else it is asked for again. Before the board is followed, events come to nobody.
  if (state && position_) must_look_ = false;
  return state;
}

bool BatchWatch::listen(steady_clock::time_point until) {
  if (!position_) {
    position_ = board_.position(until);
    return true;
  }
  const auto news = board_.wait(*position_, until);
  position_ = news.upto;
  return news.missed || std::ranges::any_of(news.events, [this](const actors::JobEvent& event) {
           return event.batch == id_ && is_last(event);
         });
}

bool BatchWatch::next() {
  const auto now = steady_clock::now();
  const auto until = must_look_ ? std::max(now, looked_at_ + look_interval) : now + slice;
  if (listen(until)) must_look_ = true;
  return must_look_ && steady_clock::now() - looked_at_ >= look_interval;
}

}  // namespace darkroom::http
