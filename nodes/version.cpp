#include "nodes/version.hpp"

namespace darkroom::nodes {

std::string_view version() {
  return DARKROOM_VERSION;
}

}  // namespace darkroom::nodes
