#pragma once

#include <memory>
#include <optional>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/delivery_transport.hpp"
#include "actors/messages.hpp"
#include "jobs/timestamp.hpp"
#include "persistence/job_store.hpp"

namespace darkroom::actors {

/// State of a DELIVERY SENDER: sends one delivery after another. It reads each from the store, as
/// it is by then, and changes nothing.
struct DeliverySenderState {
  static inline const char* name = "delivery-sender";

  // Declared, so that CAF does not take the first member for a parameter of an aggregate.
  DeliverySenderState() = default;

  [[nodiscard]] SentDelivery deliver(const jobs::JobId& id) const;
  /// With whatever is thrown on the way as a failed try: a delivery must not take the service down.
  [[nodiscard]] std::optional<jobs::TriedDelivery> send(const jobs::Delivery& delivery) const;

  std::shared_ptr<const persistence::JobStore> store;
  std::shared_ptr<DeliveryTransport> transport;
  jobs::WallClock wall_clock;
};

/// Spawn it detached: it blocks on the network.
DeliverySenderActor::behavior_type delivery_sender(
    DeliverySenderActor::stateful_pointer<DeliverySenderState> self,
    std::shared_ptr<const persistence::JobStore> store,
    std::shared_ptr<DeliveryTransport> transport, jobs::WallClock wall_clock);

}  // namespace darkroom::actors
