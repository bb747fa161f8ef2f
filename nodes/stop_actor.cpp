#include "nodes/stop_actor.hpp"

#include <caf/scoped_actor.hpp>

namespace darkroom::nodes {

bool stop_actor(caf::actor_system& system, const caf::strong_actor_ptr& actor,
                std::chrono::milliseconds timeout) {
  if (!actor) return true;
  caf::scoped_actor self{system};
  self->monitor(actor);
  self->send_exit(actor, caf::exit_reason::user_shutdown);
  bool down = false;
  self->receive([&](const caf::down_msg&) { down = true; }, caf::after(timeout) >> [] {});
  return down;
}

}  // namespace darkroom::nodes
