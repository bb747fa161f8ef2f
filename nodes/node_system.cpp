#include "nodes/node_system.hpp"

#include <cstddef>
#include <string>
#include <vector>

#include <caf/io/middleman.hpp>
#include <caf/scoped_actor.hpp>

#include "actors/messages.hpp"

namespace darkroom::nodes {

NodeSystemConfig::NodeSystemConfig() {
  add_message_types<caf::id_block::darkroom>();
  load<caf::io::middleman>();
  set("scheduler.max-threads", std::size_t{2});
  set("middleman.app-identifiers", std::vector<std::string>{actors::wire_version});
}

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
