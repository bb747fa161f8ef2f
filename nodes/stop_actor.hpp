#pragma once

#include <chrono>

#include <caf/actor_control_block.hpp>
#include <caf/actor_system.hpp>

namespace darkroom::nodes {

/// Asks the actor to exit and waits for its end; false where it takes longer than `timeout`. Must
/// not be called from an actor.
[[nodiscard]] bool stop_actor(caf::actor_system& system, const caf::strong_actor_ptr& actor,
                              std::chrono::milliseconds timeout);

}  // namespace darkroom::nodes
