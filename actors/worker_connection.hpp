#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "actors/messages.hpp"

namespace darkroom::actors {

/// How a worker finds its registry. Calls exactly one of the two functions, later, in the context
/// of the worker actor.
using Connect = std::function<void(WorkerNodeActor::pointer worker,
                                   std::function<void(WorkerRegistryActor)> connected,
                                   std::function<void(std::string)> failed)>;

/// Over CAF's network transport, to the actor published at `host`:`port`.
[[nodiscard]] Connect connect_over_network(std::string host, std::uint16_t port);

}  // namespace darkroom::actors
