#include "actors/autoscaler.hpp"

#include <utility>

#include <spdlog/spdlog.h>

namespace darkroom::actors {

void AutoscalerState::schedule_tick() {
  self->delayed_send(self, look_interval, atom::tick_v, ++tick_generation);
}

void AutoscalerState::look() {
  if (!registry) return;
  self->request(registry, look_interval, atom::demand_v, config.query)
      .then([this](const Demand& demand) { take(demand); },
            [](const caf::error&) {
              // Nobody knows what there is to do; the next look may tell.
            });
}

void AutoscalerState::take(const Demand& demand) {
  const auto before = config.scaler.slots();
  const auto slots = config.scaler.note({demand.waiting, demand.running}, self->clock().now());
  if (slots == before) return;
  spdlog::info("scaling from {} to {} slots: {} jobs wait, {} run here node={}", before, slots,
               demand.waiting, demand.running, config.query.node);
  config.apply(slots);
}

AutoscalerActor::behavior_type autoscaler(AutoscalerActor::stateful_pointer<AutoscalerState> self,
                                          AutoscalerConfig config) {
  self->state.config = std::move(config);
  self->state.schedule_tick();
  return {
      [self](atom::registry, DemandActor& registry) { self->state.registry = std::move(registry); },
      [self](atom::tick, std::uint64_t generation) {
        if (generation != self->state.tick_generation) return;
        self->state.schedule_tick();
        self->state.look();
      },
  };
}

}  // namespace darkroom::actors
