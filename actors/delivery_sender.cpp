#include "actors/delivery_sender.hpp"

#include <exception>
#include <utility>

#include <spdlog/spdlog.h>

namespace darkroom::actors {

std::optional<jobs::TriedDelivery> DeliverySenderState::send(const jobs::Delivery& delivery) const {
  const auto failed = [&](const char* what) {
    spdlog::error("delivery could not be sent: {} delivery={} job={}", what,
                  delivery.id.to_string(), delivery.subject.to_string());
    return jobs::TriedDelivery{
        .attempt = {.at = wall_clock(), .error = "The service could not send it; see its log."}};
  };
  try {
    return transport->send(delivery);
  } catch (const std::exception& error) {
    return failed(error.what());
  } catch (...) {
    return failed("an unknown exception");
  }
}

SentDelivery DeliverySenderState::deliver(const jobs::JobId& id) const {
  const auto delivery = store->delivery(id);
  if (!delivery) {
    spdlog::error("delivery cannot be read: {} delivery={}", delivery.error().message,
                  id.to_string());
    return SentDelivery{};
  }
  // It was removed, delivered or put off between two looks for what is due.
  if (!*delivery || (*delivery)->status != jobs::DeliveryStatus::pending ||
      (*delivery)->due_at > wall_clock()) {
    return SentDelivery{};
  }
  auto tried = send(**delivery);
  if (!tried) return SentDelivery{};
  const auto& attempt = tried->attempt;
  if (tried->verdict == jobs::DeliveryVerdict::delivered) {
    spdlog::info("{} delivered channel={} status={} ms={} delivery={} job={}", (*delivery)->event,
                 (*delivery)->channel, attempt.status, attempt.milliseconds, id.to_string(),
                 (*delivery)->subject.to_string());
  } else {
    spdlog::warn("{} not delivered: {} channel={} status={} ms={} delivery={} job={}",
                 (*delivery)->event, attempt.error, (*delivery)->channel, attempt.status,
                 attempt.milliseconds, id.to_string(), (*delivery)->subject.to_string());
  }
  return SentDelivery{std::move(tried)};
}

DeliverySenderActor::behavior_type delivery_sender(
    DeliverySenderActor::stateful_pointer<DeliverySenderState> self,
    std::shared_ptr<const persistence::JobStore> store,
    std::shared_ptr<DeliveryTransport> transport, jobs::WallClock wall_clock) {
  self->state.store = std::move(store);
  self->state.transport = std::move(transport);
  self->state.wall_clock = std::move(wall_clock);
  return {
      [self](atom::deliver, const jobs::JobId& id) { return self->state.deliver(id); },
  };
}

}  // namespace darkroom::actors
