#include "nodes/node_system.hpp"

#include <cstddef>
#include <string>
#include <vector>

#include <caf/io/middleman.hpp>

#include "actors/message_block.hpp"
#include "actors/messages.hpp"

namespace darkroom::nodes {

namespace {

/// What blocks or computes has threads of its own.
constexpr std::size_t scheduler_threads = 2;

}  // namespace

NodeSystemConfig::NodeSystemConfig() {
  actors::add_messages(*this);
  load<caf::io::middleman>();
  set("scheduler.max-threads", scheduler_threads);
  // By default idle scheduler threads poll for work to steal, thousands of times a second while any
  // comes now and then: an eighth of the CPU time of a job.
  set("scheduler.policy", caf::atom("sharing"));
  set("middleman.app-identifiers", std::vector<std::string>{actors::wire_version});
}

}  // namespace darkroom::nodes
