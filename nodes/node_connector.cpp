#include "nodes/node_connector.hpp"

#include <functional>
#include <utility>

#include "nodes/tunnel_versions.hpp"
#include "tunnel/address.hpp"

namespace darkroom::nodes {

tl::expected<std::unique_ptr<NodeConnector>, std::string> NodeConnector::open(
    const Config& config, const HostAndPort& coordinator, const std::string& node) {
  auto connector = tunnel::Connector::start({.host = coordinator.host,
                                             .port = coordinator.port,
                                             .node = config.node,
                                             .versions = tunnel_versions(),
                                             .node_name = node});
  if (!connector) return tl::unexpected(connector.error());
  return std::unique_ptr<NodeConnector>{new NodeConnector{
      tunnel::endpoint_text(coordinator.host, coordinator.port), std::move(*connector)}};
}

actors::ConnectLink NodeConnector::link() const {
  return [this, connect = actors::link_over_network("127.0.0.1", control_port())](
             actors::RegistryLinkActor::pointer self,
             std::function<void(actors::ClusterRegistryActor)> connected,
             const std::function<void(std::string)>& failed) {
    connect(self, std::move(connected), [this, failed](const std::string& why) {
      failed(address_ + ": " + connector_->last_problem().value_or(why));
    });
  };
}

}  // namespace darkroom::nodes
