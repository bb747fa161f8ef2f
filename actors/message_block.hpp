#pragma once

namespace caf {
class actor_system_config;
}

namespace darkroom::actors {

/// Makes the messages of this program known to actor systems of this configuration. All that CAF
/// does with a type is compiled here: every file that says `add_message_types` itself takes many
/// seconds longer.
void add_messages(caf::actor_system_config& config);

}  // namespace darkroom::actors
