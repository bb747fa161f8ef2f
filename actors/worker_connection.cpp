#include "actors/worker_connection.hpp"

#include <set>
#include <utility>

#include <caf/io/middleman.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace darkroom::actors {
namespace {

constexpr std::chrono::seconds connect_timeout{5};

/// Why there is no connection, as the end of a sentence. CAF's own rendering is for programmers.
std::string in_words(const caf::error& error, const std::string& host, std::uint16_t port) {
  const std::string address = host + " port " + std::to_string(port);
  if (error.category() == caf::atom("system")) {
    switch (static_cast<caf::sec>(error.code())) {
      case caf::sec::request_timeout:
        return address + " does not answer";
      case caf::sec::incompatible_versions:
      case caf::sec::incompatible_application_ids:
        return address + " is no Darkroom coordinator of this version";
      default:
        break;
    }
  }
  return "nothing takes connections at " + address;
}

}  // namespace

Connect connect_over_network(std::string host, std::uint16_t port) {
  return [host = std::move(host), port](WorkerNodeActor::pointer worker,
                                        std::function<void(WorkerRegistryActor)> connected,
                                        const std::function<void(std::string)>& failed) {
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
            [failed, host, port](const caf::error& error) { failed(in_words(error, host, port)); });
  };
}

}  // namespace darkroom::actors
