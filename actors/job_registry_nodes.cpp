#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/hello_check.hpp"
#include "actors/job_registry.hpp"
#include "actors/service_error.hpp"

// The nodes of the job registry, of which each has its name to itself.

namespace darkroom::actors {
namespace {

/// As for workers, see job_registry_members.cpp.
constexpr std::chrono::seconds sign_of_life_wait{2};

std::string_view in_words(NodeRole role) {
  return role == NodeRole::ingest ? "ingest" : "worker";
}

/// "a, b" of those that the node wants and that there are not.
std::string unknown_queues(const std::vector<std::string>& wanted,
                           const std::vector<std::string>& there) {
  std::string names;
  for (const auto& queue : wanted) {
    if (!std::ranges::binary_search(there, queue)) names += (names.empty() ? "" : ", ") + queue;
  }
  return names;
}

caf::error duplicate(const NodeHello& here) {
  return make_error({ServiceErrorCode::duplicate_worker,
                     "Another node called " + here.node.name + " is here (" +
                         std::string{in_words(here.role)} + ", version " + here.version +
                         "), and it is alive. Give this one another name (--name), or stop that "
                         "one."});
}

}  // namespace

void JobRegistryState::enlist(const NodeHello& hello, NodeActor handle, EnlistAnswer answer) {
  const auto& called = hello.node.name;
  if (const auto fault = fault_of(hello); !fault.empty()) {
    answer.deliver(make_error({ServiceErrorCode::bad_worker, "The node " + fault}));
    return;
  }
  const auto rival = nodes.find(called);
  if (rival == nodes.end() || rival->second.hello.node == hello.node) {
    welcome(hello, std::move(handle), std::move(answer));
    return;
  }
  if (!questioned_nodes.insert(called).second) {
    answer.deliver(duplicate(rival->second.hello));
    return;
  }
  self->request(rival->second.handle, sign_of_life_wait, atom::ping_v)
      .then(
          [this, called, answer, here = rival->second.hello](atom::done) mutable {
            questioned_nodes.erase(called);
            spdlog::warn("node refused: another one of its name is here node={}", called);
            answer.deliver(duplicate(here));
          },
          [this, hello, handle, answer](const caf::error&) {
            questioned_nodes.erase(hello.node.name);
            welcome(hello, handle, answer);
          });
}

void JobRegistryState::welcome(const NodeHello& hello, NodeActor handle, EnlistAnswer answer) {
  const auto known = nodes.find(hello.node.name);
  const bool is_watched = known != nodes.end() && known->second.handle == handle;
  if (known != nodes.end() && !is_watched) self->demonitor(known->second.handle.address());
  if (!is_watched) self->monitor(handle);
  nodes.insert_or_assign(hello.node.name, Node{hello, std::move(handle)});
  spdlog::info("{} node connected node={} version={}", in_words(hello.role), hello.node.name,
               hello.version);
  auto queues = ledger->queues();
  if (const auto unknown = unknown_queues(hello.queues, queues); !unknown.empty()) {
    spdlog::warn("a node takes jobs of queues that are not there: {} node={}", unknown,
                 hello.node.name);
  }
  const auto& options = ledger->options();
  answer.deliver(NodeWelcome{
      .version = options.version,
      .files = options.files,
      .queues = std::move(queues),
      .client_url_key = hello.role == NodeRole::ingest ? options.client_url_key : std::string{}});
}

std::size_t JobRegistryState::resting_nodes() const {
  return static_cast<std::size_t>(std::ranges::count_if(nodes, [this](const auto& entry) {
    const auto& hello = entry.second.hello;
    return hello.starts_on_demand && ledger->would_feed(hello.node.name, hello.queues);
  }));
}

void JobRegistryState::node_down(const caf::actor_addr& source) {
  const auto found = std::ranges::find_if(
      nodes, [&](const auto& entry) { return entry.second.handle.address() == source; });
  if (found == nodes.end()) return;
  spdlog::warn("{} node gone node={}", in_words(found->second.hello.role), found->first);
  nodes.erase(found);
}

}  // namespace darkroom::actors
