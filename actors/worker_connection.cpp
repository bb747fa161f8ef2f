#include "actors/worker_connection.hpp"

#include <set>
#include <utility>

#include <caf/io/middleman.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace darkroom::actors {
namespace {

constexpr std::chrono::seconds connect_timeout{5};

}  // namespace

Connect connect_over_network(std::string host, std::uint16_t port) {
  return [host = std::move(host), port](WorkerNodeActor::pointer worker,
                                        std::function<void(WorkerRegistryActor)> connected,
                                        std::function<void(std::string)> failed) {
    auto& system = worker->home_system();
    // Both continuations may run, but one of them at most, so each gets a copy of `failed`.
    worker
        ->request(system.middleman().actor_handle(), connect_timeout, caf::connect_atom_v, host,
                  port)
        .then(
            [&system, connected = std::move(connected), failed](
                const caf::node_id&, const caf::strong_actor_ptr& peer,
                const std::set<std::string>& interface) {
              if (!peer || !system.assignable<WorkerRegistryActor>(interface)) {
                failed("the peer is no Darkroom coordinator of this version");
                return;
              }
              connected(caf::actor_cast<WorkerRegistryActor>(peer));
            },
            [&system, failed](const caf::error& error) { failed(system.render(error)); });
  };
}

}  // namespace darkroom::actors
