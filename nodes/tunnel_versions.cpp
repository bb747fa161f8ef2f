#include "nodes/tunnel_versions.hpp"

#include "actors/message_types.hpp"
#include "nodes/version.hpp"

namespace darkroom::nodes {

tunnel::Versions tunnel_versions() {
  return {.wire = actors::wire_version, .program = std::string{version()}};
}

}  // namespace darkroom::nodes
