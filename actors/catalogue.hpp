#pragma once

#include <memory>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/messages.hpp"
#include "jobs/timestamp.hpp"
#include "persistence/job_store.hpp"

namespace darkroom::actors {

/// State of the CATALOGUE: answers what clients ask of the stored jobs, so that no scan delays the
/// registry's leases and heartbeats. It sees what is committed, and changes nothing.
struct CatalogueState {
  static inline const char* name = "catalogue";

  // Declared, so that CAF does not take the first member for a parameter of an aggregate.
  CatalogueState() = default;

  [[nodiscard]] caf::result<JobPage> find(const JobQuery& query) const;
  [[nodiscard]] caf::result<BatchState> batch(const jobs::JobId& id) const;
  [[nodiscard]] caf::result<JobEvents> ended(const EventQuery& query) const;
  [[nodiscard]] caf::result<DeliveryList> deliveries(const jobs::JobId& subject) const;
  [[nodiscard]] caf::result<DueList> due(const DueQuery& query) const;

  /// Reads the batch's record and its jobs, at most most_batch_jobs.
  [[nodiscard]] tl::expected<BatchState, ServiceError> look_at(const jobs::JobId& id) const;

  std::shared_ptr<persistence::JobStore> store;
  jobs::WallClock wall_clock;
};

/// Spawn it detached: it blocks on the store.
CatalogueActor::behavior_type catalogue(CatalogueActor::stateful_pointer<CatalogueState> self,
                                        std::shared_ptr<persistence::JobStore> store,
                                        jobs::WallClock wall_clock);

}  // namespace darkroom::actors
