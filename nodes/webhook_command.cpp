#include "nodes/webhook_command.hpp"

#include <ostream>

#include "nodes/webhook_secrets.hpp"

namespace darkroom::nodes {

int run_webhook(std::ostream& out) {
  out << new_webhook_secret() << '\n';
  return out ? 0 : 1;
}

}  // namespace darkroom::nodes
