#include <chrono>
#include <utility>

#include "actors/job_registry.hpp"
#include "actors/service_error.hpp"

namespace darkroom::actors {
namespace {

/// One for each node with an HTTP server; whoever comes beyond them is answered at once.
constexpr std::size_t most_listeners = 1'024;
/// The registry looks about so often for those who have waited long enough.
constexpr std::chrono::seconds longest_hold{5};

}  // namespace

caf::result<JobEvents> JobRegistryState::changes(const EventQuery& query) {
  auto found = events->behind(query);
  const bool at_once = !found.events.empty() || found.since != query.since || query.hold_ms == 0;
  if (at_once || listeners.size() >= most_listeners) return found;
  const auto hold =
      std::min<std::chrono::milliseconds>(std::chrono::milliseconds{query.hold_ms}, longest_hold);
  auto answer = self->make_response_promise<JobEvents>();
  listeners.push_back({.query = query, .until = now().steady + hold, .answer = answer});
  return answer;
}

caf::result<JobEvents> JobRegistryState::ended(const EventQuery& query) {
  if (!catalogue) {
    return make_error({ServiceErrorCode::unavailable, "The catalogue of jobs is starting."});
  }
  return self->delegate(catalogue, atom::ended_v, query);
}

void JobRegistryState::tell(const std::vector<persistence::JobChange>& changes) {
  std::vector<JobEvent> news;
  news.reserve(changes.size());
  for (const auto& change : changes) {
    if (auto event = event_of(change)) news.push_back(std::move(*event));
  }
  if (news.empty()) return;
  events->add(std::move(news));
  answer_listeners(ListenersDue::all);
}

void JobRegistryState::answer_listeners(ListenersDue due) {
  const auto moment = now().steady;
  std::erase_if(listeners, [&](Listener& listener) {
    if (due == ListenersDue::late && moment < listener.until) return false;
    listener.answer.deliver(events->behind(listener.query));
    return true;
  });
}

}  // namespace darkroom::actors
