#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "actors/messages.hpp"

namespace darkroom::actors {

/// How an actor finds the registry. Calls exactly one of the two functions, later, in the context
/// of that actor.
template <class Actor, class Registry>
using ConnectAs =
    std::function<void(typename Actor::pointer self, std::function<void(Registry)> connected,
                       std::function<void(std::string)> failed)>;

/// How a worker does, and how the link of a whole node does.
using Connect = ConnectAs<WorkerNodeActor, WorkerRegistryActor>;
using ConnectLink = ConnectAs<RegistryLinkActor, ClusterRegistryActor>;

/// Over CAF's network transport, to the actor published at `host`:`port`.
[[nodiscard]] Connect connect_over_network(std::string host, std::uint16_t port);
[[nodiscard]] ConnectLink link_over_network(std::string host, std::uint16_t port);

}  // namespace darkroom::actors
