#include "actors/autoscaler.hpp"

#include <utility>

#include <spdlog/spdlog.h>

namespace darkroom::actors {

void AutoscalerState::schedule_tick() {
  self->delayed_send(self, look_interval, atom::tick_v, ++tick_generation);
}

void AutoscalerState::look() {
  self->request(link, look_interval, atom::demand_v, query)
      .then([this](const Demand& demand) { take(demand); },
            [](const caf::error&) {
              // Nobody knows what there is to do; the next look may tell.
            });
}

void AutoscalerState::take(const Demand& demand) {
  const auto before = scaler.slots();
  const auto slots = scaler.note({demand.waiting, demand.running}, self->clock().now());
  if (slots == before) return;
  spdlog::info("scaling from {} to {} slots: {} jobs wait, {} run here node={}", before, slots,
               demand.waiting, demand.running, query.node);
  for (std::uint32_t i = 0; i < processes.size(); ++i)
    tell(i);
}

void AutoscalerState::tell(std::uint32_t process) {
  if (processes[process]) self->send(processes[process], atom::scale_v, process < scaler.slots());
}

AutoscalerActor::behavior_type autoscaler(AutoscalerActor::stateful_pointer<AutoscalerState> self,
                                          AutoscalerConfig config) {
  auto& state = self->state;
  state.query = std::move(config.query);
  state.scaler = config.scaler;
  state.link = std::move(config.link);
  state.schedule_tick();
  return {
      [self](atom::runner, std::uint32_t number, WorkerProcessActor& process) {
        auto& processes = self->state.processes;
        if (number >= processes.size()) processes.resize(number + 1);
        processes[number] = std::move(process);
        self->state.tell(number);
      },
      [self](atom::tick, std::uint64_t generation) {
        if (generation != self->state.tick_generation) return;
        self->state.schedule_tick();
        self->state.look();
      },
  };
}

}  // namespace darkroom::actors
