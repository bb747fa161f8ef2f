#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/messages.hpp"
#include "actors/registry_connection.hpp"

namespace darkroom::actors {

struct RegistryLinkConfig {
  NodeHello hello;
  ConnectLink connect;
  /// For one request to the registry.
  std::chrono::milliseconds timeout{5'000};
  /// Called after each connect, by the link: the registry knows this node now.
  std::function<void(const NodeWelcome&)> enlisted;
};

/// State of the REGISTRY LINK: a node's one connection to the job registry of its coordinator.
///
/// What the node's actors ask is passed on by this actor's own requests. So the other side knows
/// one peer of this node, not each thread of the HTTP server; and when the connection breaks, all
/// that waits is answered at once, which CAF's transport does not do.
///
///   unconnected -> (connect) -> enlisting -> (answered) -> connected -> (link down) -> unconnected
struct RegistryLinkState {
  static inline const char* name = "registry-link";

  explicit RegistryLinkState(RegistryLinkActor::pointer actor) : self(actor) {}

  void connect();
  void enlist(ClusterRegistryActor found);
  void lost(std::uint64_t which_connection);
  /// Says once, until the next connect, what is waited for.
  void wait(const std::string& why);
  void schedule_tick(std::chrono::milliseconds delay);

  /// Passes a request on, or answers `unavailable`.
  template <class Reply, class... Args>
  [[nodiscard]] caf::result<Reply> forward(Args... args);
  template <class Reply, class... Args>
  [[nodiscard]] caf::result<Reply> forward_within(std::chrono::milliseconds timeout, Args... args);
  void fail_all();

  RegistryLinkActor::pointer self;
  RegistryLinkConfig config;
  ClusterRegistryActor found;  ///< Connected to; invalid while unconnected.
  bool enlisted = false;       ///< It has answered, so requests may go there.
  /// Counts connections: a request of an earlier one may time out long after the next is made.
  std::uint64_t connection = 0;
  std::string waits_for;
  std::chrono::milliseconds backoff{0};
  std::uint64_t tick_generation = 0;
  std::uint64_t last_request = 0;
  /// How to fail each request that waits for its answer.
  std::map<std::uint64_t, std::function<void(const caf::error&)>> pending;
};

RegistryLinkActor::behavior_type registry_link(
    RegistryLinkActor::stateful_pointer<RegistryLinkState> self, RegistryLinkConfig config);

}  // namespace darkroom::actors
