#include "actors/message_block.hpp"

#include <caf/actor_system_config.hpp>

#include "actors/messages.hpp"

namespace darkroom::actors {

void add_messages(caf::actor_system_config& config) {
  config.add_message_types<caf::id_block::darkroom>();
}

}  // namespace darkroom::actors
