#pragma once

#include <caf/result.hpp>
#include <caf/scheduled_actor.hpp>

namespace darkroom::actors {

/// For set_default_handler(): refuses a message that the actor does not know. CAF's own handler
/// prints it to standard output, which anybody who reaches the node's port could fill.
[[nodiscard]] caf::result<caf::message> drop_unexpected(caf::scheduled_actor* self,
                                                        caf::message_view& message);

}  // namespace darkroom::actors
