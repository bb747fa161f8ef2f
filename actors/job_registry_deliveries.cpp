#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/job_registry.hpp"
#include "actors/service_error.hpp"

namespace darkroom::actors {

caf::result<DeliveryList> JobRegistryState::deliveries(const jobs::JobId& subject) {
  if (!catalogue) {
    return make_error({ServiceErrorCode::unavailable, "The catalogue of jobs is starting."});
  }
  return self->delegate(catalogue, atom::deliveries_v, subject);
}

caf::result<DeliveryList> JobRegistryState::replay(const jobs::JobId& subject,
                                                   const jobs::JobId& delivery) {
  auto again = ledger->replay(subject, delivery, now());
  if (!again) return make_error(again.error());
  again->body.clear();
  auto promise = self->make_response_promise<DeliveryList>();
  answer_after_commit(
      [promise, list = DeliveryList{{std::move(*again)}}](const ServiceError* error) mutable {
        if (error != nullptr) {
          promise.deliver(make_error(*error));
        } else {
          promise.deliver(std::move(list));
        }
      });
  return promise;
}

caf::result<atom::done> JobRegistryState::note_try(const DeliveryOutcome& outcome) {
  if (auto noted = ledger->note_try(outcome, now()); !noted) {
    if (noted.error().code != ServiceErrorCode::damaged) return make_error(noted.error());
    // It would be told for ever, and all other deliveries would wait for it.
    spdlog::error("delivery has a damaged record: {} delivery={}", noted.error().message,
                  outcome.delivery.to_string());
    return atom::done_v;
  }
  auto promise = self->make_response_promise<atom::done>();
  answer_after_commit([promise](const ServiceError* error) mutable {
    if (error != nullptr) {
      promise.deliver(make_error(*error));
    } else {
      promise.deliver(atom::done_v);
    }
  });
  return promise;
}

void JobRegistryState::ring(const std::vector<persistence::RecordChange>& changes) {
  const bool something = std::ranges::any_of(changes, [](const auto& change) {
    return change.kind == persistence::Record::delivery && change.after;
  });
  if (something && notifier) self->send(notifier, atom::due_v);
}

}  // namespace darkroom::actors
