#pragma once

#include <optional>

#include "jobs/delivery.hpp"
#include "jobs/delivery_retry.hpp"

namespace darkroom::actors {

/// How messages leave the service. Called from several threads at once.
class DeliveryTransport {
 public:
  virtual ~DeliveryTransport() = default;

  /// Sends the delivery, and waits for what comes of it, for a bounded time. None where that is not
  /// known, because of stop(): then it was not tried.
  [[nodiscard]] virtual std::optional<jobs::TriedDelivery> send(const jobs::Delivery& delivery) = 0;

  /// The service ends: whoever is sending gives up soon, and nothing more is sent.
  virtual void stop() = 0;
};

}  // namespace darkroom::actors
