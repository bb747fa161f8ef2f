#include "actors/unexpected.hpp"

#include <caf/sec.hpp>
#include <spdlog/spdlog.h>

namespace darkroom::actors {

caf::result<caf::message> drop_unexpected(caf::scheduled_actor* self,
                                          caf::message_view& /*message*/) {
  spdlog::debug("a message that is none of ours was dropped actor={}", self->name());
  return caf::sec::unexpected_message;
}

}  // namespace darkroom::actors
