#include <utility>

#include "actors/job_registry.hpp"
#include "actors/service_error.hpp"

namespace darkroom::actors {

caf::result<JobPage> JobRegistryState::find(const JobQuery& query) {
  // Never read here: a scan would hold up leases and heartbeats.
  if (!catalogue) {
    return make_error({ServiceErrorCode::unavailable, "The catalogue of jobs is starting."});
  }
  return self->delegate(catalogue, atom::list_v, query);
}

caf::result<BatchState> JobRegistryState::batch(const jobs::JobId& id) {
  if (!catalogue) {
    return make_error({ServiceErrorCode::unavailable, "The catalogue of jobs is starting."});
  }
  return self->delegate(catalogue, atom::batch_v, id);
}

caf::result<BulkDone> JobRegistryState::retry_where(const persistence::JobFilter& filter,
                                                    const jobs::JobId& after, std::uint32_t limit) {
  auto bulk = ledger->retry_where(filter, after, limit, now());
  if (!bulk) return make_error(bulk.error());
  auto promise = self->make_response_promise<BulkDone>();
  answer_after_commit([promise, bulk = *bulk](const ServiceError* error) mutable {
    if (error != nullptr) {
      promise.deliver(make_error(*error));
    } else {
      promise.deliver(bulk);
    }
  });
  return promise;
}

caf::result<BulkRemoved> JobRegistryState::remove_where(const persistence::JobFilter& filter,
                                                        const jobs::JobId& after,
                                                        std::uint32_t limit) {
  auto bulk = ledger->remove_where(filter, after, limit, now());
  if (!bulk) return make_error(bulk.error());
  auto promise = self->make_response_promise<BulkRemoved>();
  answer_after_commit([this, promise, bulk = std::move(*bulk)](const ServiceError* error) mutable {
    if (error != nullptr) {
      promise.deliver(make_error(*error));
      return;
    }
    for (const auto& job : bulk.jobs) {
      if (job.lease) revoke(*job.lease);
    }
    promise.deliver(std::move(bulk));
  });
  return promise;
}

}  // namespace darkroom::actors
