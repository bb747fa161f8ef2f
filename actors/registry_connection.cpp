#include "actors/registry_connection.hpp"

#include <set>
#include <utility>

#include <caf/actor_system.hpp>
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

template <class Actor, class Registry>
ConnectAs<Actor, Registry> connect_to(std::string host, std::uint16_t port) {
  return [host = std::move(host), port](typename Actor::pointer self,
                                        std::function<void(Registry)> connected,
                                        const std::function<void(std::string)>& failed) {
    caf::actor_system& system = self->home_system();
    // Both continuations may run, but one of them at most, so each gets a copy of `failed`.
    self->request(system.middleman().actor_handle(), connect_timeout, caf::connect_atom_v, host,
                  port)
        .then(
            [&system, connected = std::move(connected), failed](
                const caf::node_id&, const caf::strong_actor_ptr& peer,
                const std::set<std::string>& interface) {
              if (!peer || !system.assignable<Registry>(interface)) {
                failed("the peer is no Darkroom coordinator of this version");
                return;
              }
              connected(caf::actor_cast<Registry>(peer));
            },
            [failed, host, port](const caf::error& error) { failed(in_words(error, host, port)); });
  };
}

}  // namespace

Connect connect_over_network(std::string host, std::uint16_t port) {
  return connect_to<WorkerNodeActor, WorkerRegistryActor>(std::move(host), port);
}

ConnectLink link_over_network(std::string host, std::uint16_t port) {
  return connect_to<RegistryLinkActor, ClusterRegistryActor>(std::move(host), port);
}

}  // namespace darkroom::actors
