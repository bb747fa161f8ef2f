#include "nodes/webhook_command.hpp"

#include <ostream>

#include "outbound/webhook_signature.hpp"

namespace darkroom::nodes {

int run_webhook(std::ostream& out) {
  out << outbound::new_webhook_secret() << '\n';
  return out ? 0 : 1;
}

}  // namespace darkroom::nodes
