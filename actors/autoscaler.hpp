#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/messages.hpp"
#include "jobs/autoscaler.hpp"

namespace darkroom::actors {

struct AutoscalerConfig {
  DemandQuery query;
  jobs::Autoscaler scaler{{}, {}};
  /// Called with each new number of slots.
  std::function<void(std::uint32_t slots)> apply;
};

/// State of the AUTOSCALER: how many worker processes its node runs.
struct AutoscalerState {
  static inline const char* name = "autoscaler";
  static constexpr std::chrono::milliseconds look_interval{1'000};

  explicit AutoscalerState(AutoscalerActor::pointer actor) : self(actor) {}

  void look();
  void take(const Demand& demand);
  void schedule_tick();

  AutoscalerActor::pointer self;
  AutoscalerConfig config;
  DemandActor registry;  ///< Invalid while it is not up.
  std::uint64_t tick_generation = 0;
};

/// Looks once a second. While the registry cannot be reached all stays as it is.
AutoscalerActor::behavior_type autoscaler(AutoscalerActor::stateful_pointer<AutoscalerState> self,
                                          AutoscalerConfig config);

}  // namespace darkroom::actors
