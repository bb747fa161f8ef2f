#include "http/event_route.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include <httplib.h>

#include "http/batch_view.hpp"
#include "http/event_filter.hpp"
#include "http/event_replay.hpp"
#include "http/event_view.hpp"
#include "http/job_answers.hpp"
#include "http/job_view.hpp"
#include "http/job_watch.hpp"
#include "http/own_jobs.hpp"
#include "http/problem_mapping.hpp"
#include "http/request_context.hpp"
#include "http/responses.hpp"
#include "http/router.hpp"
#include "http/streamed_answer.hpp"

namespace darkroom::http {
namespace {

using std::chrono::steady_clock;

/// Proxies take a connection that is silent for a minute, some for half of it, for dead.
constexpr std::chrono::seconds heartbeat_interval{15};
/// Whoever listens may lose the right to.
constexpr std::chrono::seconds check_interval{1};
/// Whoever waits looks that often whether there is still somebody to wait for.
constexpr std::chrono::milliseconds slice{250};
/// The board answers at once where the service does.
constexpr std::chrono::seconds longest_start{2};

Problem too_many_streams() {
  return {ProblemCode::too_many_streams,
          "As many clients follow events as this node serves (http.max_streams)."};
}

/// A stream to one client, with its heartbeats.
class EventStream {
 public:
  EventStream(const httplib::Request& request, KeyRing& ring)
      : answer_(streamed_answer_of(request)), caller_(context_of(request).caller), ring_(ring) {}

  [[nodiscard]] bool begin(httplib::Response& response) {
    response.set_header("Content-Type", "text/event-stream");
    response.set_header("Cache-Control", "no-store");
    response.set_header("X-Accel-Buffering", "no");  // Else nginx gathers what we send at once.
    return answer_.begin(response) && answer_.send(stream_greeting());
  }

  [[nodiscard]] bool send(std::string_view event) {
    sent_at_ = steady_clock::now();
    return answer_.send(event);
  }

  /// Whether there is still somebody who may be told of events, and who is told that we are here.
  [[nodiscard]] bool goes_on() {
    if (answer_.stop().raised() || answer_.client_gone()) return false;
    const auto now = steady_clock::now();
    if (now - checked_at_ >= check_interval) {
      if (!ring_.still_admits(caller_)) return false;
      checked_at_ = now;
    }
    return steady_clock::now() - sent_at_ < heartbeat_interval || send(stream_heartbeat());
  }

 private:
  StreamedAnswer& answer_;
  const Caller& caller_;
  KeyRing& ring_;
  steady_clock::time_point checked_at_ = steady_clock::now();
  steady_clock::time_point sent_at_ = steady_clock::now();
};

/// The end of a stream about one batch.
class BatchEnd {
 public:
  BatchEnd(actors::JobService& jobs, const jobs::JobId& id) : jobs_(jobs), id_(id) {}

  /// These have been told.
  void note(const EventBoard::News& news) {
    const auto is_end = [this](const actors::JobEvent& event) {
      return event.batch == id_ && is_last(event);
    };
    must_look_ = must_look_ || news.missed || std::ranges::any_of(news.events, is_end);
  }

  /// Whether nothing follows all that has been told, up to here: then the end has been told, too.
  [[nodiscard]] bool told(std::uint64_t upto, EventStream& stream) {
    // Each look counts all jobs of the batch.
    constexpr std::chrono::milliseconds look_interval{100};
    if (!must_look_ || steady_clock::now() - looked_at_ < look_interval) return false;
    looked_at_ = steady_clock::now();
    const auto state = jobs_.batch(id_);
    if (!state) return state.error().code == actors::ServiceErrorCode::unknown_batch;
    // It may be ahead of the events: ends are in the store before they are told.
    must_look_ = state->batch.completed_at && upto < state->revision;
    if (!state->batch.completed_at || must_look_) return false;
    (void)stream.send(batch_event_view(*state, upto));
    return true;
  }

 private:
  actors::JobService& jobs_;
  jobs::JobId id_;
  bool must_look_ = true;  ///< It may have ended before.
  steady_clock::time_point looked_at_;
};

}  // namespace

void EventRoute::add_to(Router& router) const {
  router.add("GET", "/v1/jobs/{id}/events", Scope::read,
             [this](const httplib::Request& request, httplib::Response& response,
                    const std::string& id) { of_job(request, response, id); });
  router.add("GET", "/v1/events", Scope::read,
             [this](const httplib::Request& request, httplib::Response& response,
                    const std::string&) { of_all(request, response); });
}

std::string EventRoute::show(const actors::JobEvent& event) const {
  if (event.deleted || !is_final(event.status)) return event_view(event);
  const auto job = jobs_.get(event.id);
  const auto view = urls_.view();
  return job && view ? event_view(event, job_object(*job, *view)) : event_view(event);
}

void EventRoute::of_job(const httplib::Request& request, httplib::Response& response,
                        const std::string& id_text) const {
  const auto id = read_job_id(id_text);
  if (!id) return answer_problem(response, id.error());
  const auto last = read_last_event_id(request);
  if (!last) return answer_problem(response, last.error());
  if (const auto own = OwnJobs{jobs_}.get(context_of(request).caller, *id); !own) {
    return answer_problem(response, to_problem(own.error()));
  }
  auto reader = board_.subscribe();
  if (!reader) return answer_problem(response, too_many_streams());
  JobWatch watch{board_, std::move(*reader), jobs_, *id};
  const auto job = watch.look();
  if (!job) return answer_problem(response, to_problem(job.error()));

  EventStream stream{request, ring_};
  if (!stream.begin(response)) return;
  const auto now = actors::event_of_end(*job);
  // The end is told again to whoever asks again, since nothing else would come.
  if (now.revision > last->value_or(0) || is_last(now)) {
    if (!stream.send(show(now))) return;
  }
  bool ended = is_last(now);
  while (!ended && stream.goes_on()) {
    for (const auto& event : watch.next()) {
      if (!stream.send(show(event))) return;
      ended = is_last(event);
    }
  }
}

void EventRoute::of_all(const httplib::Request& request, httplib::Response& response) const {
  const auto filter = read_event_filter(request);
  if (!filter) return answer_problem(response, filter.error());
  const auto last = read_last_event_id(request);
  if (!last) return answer_problem(response, last.error());
  const Caller& caller = context_of(request).caller;
  if (filter->batch) {
    const auto batch = OwnJobs{jobs_}.batch(caller, *filter->batch);
    if (!batch) return answer_problem(response, to_problem(batch.error()));
  }
  const auto reader = board_.subscribe();
  if (!reader) return answer_problem(response, too_many_streams());
  const auto position = board_.position(steady_clock::now() + longest_start);
  if (!position) {
    return answer_problem(response, {ProblemCode::unavailable,
                                     "The job registry does not tell of events at the moment."});
  }

  EventStream stream{request, ring_};
  if (!stream.begin(response)) return;
  // Not of what is to come: that id was given by another service.
  std::uint64_t since = std::min(last->value_or(*position), *position);
  EventReplay replay{jobs_, replays_, *position, max_replay_};
  std::optional<BatchEnd> end;
  if (filter->batch) end.emplace(jobs_, *filter->batch);
  while (stream.goes_on()) {
    auto news = board_.wait(since, steady_clock::now() + slice);
    bool is_behind = false;
    if (news.missed) {
      const auto latest = news.upto;
      const auto outcome = replay.fill(since, news, slice);
      // The client comes again, with the id of the last event that it has.
      if (outcome == EventReplay::Outcome::failed) return;
      if (outcome == EventReplay::Outcome::gap && !stream.send(gap_view(since, news.upto))) return;
      is_behind = outcome == EventReplay::Outcome::waiting || news.upto < latest;
    }
    for (const auto& event : news.events) {
      if (sees(caller, event.tenant) && filter->wants(event) && !stream.send(event_view(event)))
        return;
    }
    since = news.upto;
    if (!end) continue;
    end->note(news);
    // The end of a batch comes behind those of its jobs, however long ago they were.
    if (!is_behind && end->told(since, stream)) return;
  }
}

}  // namespace darkroom::http
