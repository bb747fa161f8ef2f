#include "http/own_jobs.hpp"

#include <utility>

namespace darkroom::http {

bool sees(const Caller& caller, std::string_view tenant) {
  return caller.all_tenants || caller.tenant == tenant;
}

bool is_told(const Caller& caller, const actors::ServiceError& error) {
  return error.code != actors::ServiceErrorCode::damaged || caller.all_tenants;
}

OwnJobs::Result OwnJobs::get(const Caller& caller, const jobs::JobId& id) const {
  auto job = jobs_.get(id);
  const bool shown = job ? sees(caller, job->tenant) : is_told(caller, job.error());
  if (!shown) return tl::unexpected{actors::no_such_job(id)};
  return job;
}

tl::expected<actors::BatchState, actors::ServiceError> OwnJobs::batch(const Caller& caller,
                                                                      const jobs::JobId& id) const {
  auto state = jobs_.batch(id);
  const bool shown = state ? sees(caller, state->batch.tenant) : is_told(caller, state.error());
  if (!shown) return tl::unexpected{actors::no_such_batch(id)};
  return state;
}

OwnJobs::Result OwnJobs::remove(const Caller& caller, const jobs::JobId& id) const {
  return apply(&actors::JobService::remove, caller, id);
}

OwnJobs::Result OwnJobs::cancel(const Caller& caller, const jobs::JobId& id) const {
  return apply(&actors::JobService::cancel, caller, id);
}

OwnJobs::Result OwnJobs::retry(const Caller& caller, const jobs::JobId& id) const {
  return apply(&actors::JobService::retry, caller, id);
}

OwnJobs::Result OwnJobs::apply(Change change, const Caller& caller, const jobs::JobId& id) const {
  if (!caller.all_tenants) {
    // A job never goes to another tenant, so what is seen now holds for the change too.
    if (auto job = get(caller, id); !job) return job;
  }
  return (jobs_.*change)(id);
}

}  // namespace darkroom::http
