#pragma once

#include <chrono>
#include <cstdint>

#include "actors/job_event.hpp"
#include "actors/message_types.hpp"

// The form on the wire of what happens to jobs. A change of that changes `wire_version`.

namespace darkroom::actors {

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, JobEvent& x) {
  auto batch = jobs::as_list(x.batch);
  auto status = static_cast<std::uint8_t>(x.status);
  auto at = static_cast<std::int64_t>(x.at.time_since_epoch().count());
  auto take = [&]() -> caf::error {
    if (status >= jobs::job_statuses) return caf::sec::invalid_argument;
    x.batch = jobs::from_list(batch);
    x.status = static_cast<jobs::JobStatus>(status);
    x.at = jobs::Timestamp{std::chrono::milliseconds{at}};
    return caf::none;
  };
  return f(caf::meta::type_name("job_event"), x.revision, x.id, batch, x.tenant, x.queue, status,
           x.created, x.deleted, x.renditions, x.done, x.total, x.attempt, x.error_message, at,
           caf::meta::load_callback(take));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, EventQuery& x) {
  return f(caf::meta::type_name("event_query"), x.since, x.limit, x.hold_ms);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, JobEvents& x) {
  return f(caf::meta::type_name("job_events"), x.events, x.since, x.upto);
}

}  // namespace darkroom::actors
