#include "http/job_watch.hpp"

#include <algorithm>
#include <utility>

#include "http/event_view.hpp"

namespace darkroom::http {
namespace {

using std::chrono::steady_clock;
using Code = actors::ServiceErrorCode;

/// The board answers at once where the service does.
constexpr std::chrono::milliseconds first_wait{1'000};
/// Whoever waits looks that often whether there is still somebody to wait for.
constexpr std::chrono::milliseconds slice{250};
/// Between two looks at the job while no events come.
constexpr std::chrono::seconds look_interval{1};

}  // namespace

JobWatch::JobWatch(EventBoard& board, EventBoard::Reader reader, actors::JobService& jobs,
                   const jobs::JobId& id)
    : board_(board),
      reader_(std::move(reader)),
      jobs_(jobs),
      id_(id),
      position_(board_.position(steady_clock::now() + first_wait)),
      must_look_(!position_),
      asked_at_(steady_clock::now()) {}

tl::expected<jobs::Job, actors::ServiceError> JobWatch::look() {
  asked_at_ = steady_clock::now();
  auto job = jobs_.get(id_);
  if (job) skip_to(job->revision);
  return job;
}

std::vector<actors::JobEvent> JobWatch::ask() {
  const auto before = seen_;
  const auto job = look();
  const bool gone = !job && job.error().code == Code::unknown_job;
  // Else it is asked for again, until it is known what became of it.
  if ((job || gone) && position_) must_look_ = false;
  if (gone) return {{.revision = seen_ + 1, .id = id_, .deleted = true, .at = jobs::system_now()}};
  if (!job || job->revision <= before) return {};
  return {actors::event_of_end(*job)};
}

std::vector<actors::JobEvent> JobWatch::next() {
  const auto until = steady_clock::now() + slice;
  std::vector<actors::JobEvent> events;
  if (position_) {
    auto news = board_.wait(*position_, until);
    must_look_ = must_look_ || news.missed;
    // The service began anew, with a clock that is behind.
    if (news.upto < *position_) seen_ = 0;
    position_ = news.upto;
    events = std::move(news.events);
  } else {
    // What happens up to there comes to nobody.
    position_ = board_.position(until);
  }
  std::erase_if(events, [this](const actors::JobEvent& event) {
    return event.id != id_ || event.revision <= seen_;
  });
  if (!events.empty()) skip_to(events.back().revision);
  if (events.empty() && must_look_ && steady_clock::now() - asked_at_ >= look_interval) {
    return ask();
  }
  return events;
}

tl::expected<jobs::Job, actors::ServiceError> wait_for_end(JobWatch& watch, jobs::Job job,
                                                           steady_clock::time_point deadline,
                                                           const std::function<bool()>& gives_up) {
  while (!is_final(job.status) && steady_clock::now() < deadline && !gives_up()) {
    if (watch.next().empty()) continue;
    auto now = watch.look();
    if (!now) return now;
    job = std::move(*now);
  }
  return job;
}

}  // namespace darkroom::http
