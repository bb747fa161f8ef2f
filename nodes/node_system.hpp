#pragma once

#include <caf/actor_system_config.hpp>

namespace darkroom::nodes {

/// The actor system's settings, alike on every node: our message types, the network transport, and
/// few scheduler threads, since what blocks or computes has threads of its own.
class NodeSystemConfig : public caf::actor_system_config {
 public:
  NodeSystemConfig();
};

}  // namespace darkroom::nodes
