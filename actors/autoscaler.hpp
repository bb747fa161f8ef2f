#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/messages.hpp"
#include "jobs/autoscaler.hpp"

namespace darkroom::actors {

struct AutoscalerConfig {
  DemandQuery query;
  jobs::Autoscaler scaler;
  RegistryLinkActor link;
};

/// State of the AUTOSCALER: how many of a node's worker processes run.
struct AutoscalerState {
  static inline const char* name = "autoscaler";
  static constexpr std::chrono::milliseconds look_interval{1'000};

  explicit AutoscalerState(AutoscalerActor::pointer actor) : self(actor) {}

  void look();
  void take(const Demand& demand);
  void tell(std::uint32_t process);
  void schedule_tick();

  AutoscalerActor::pointer self;
  DemandQuery query;
  jobs::Autoscaler scaler{{}, {}};
  RegistryLinkActor link;
  std::vector<WorkerProcessActor> processes;  ///< By number; invalid while one is not up.
  std::uint64_t tick_generation = 0;
};

/// Looks once a second. While the registry cannot be reached all stays as it is.
AutoscalerActor::behavior_type autoscaler(AutoscalerActor::stateful_pointer<AutoscalerState> self,
                                          AutoscalerConfig config);

}  // namespace darkroom::actors
