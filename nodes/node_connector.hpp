#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "actors/registry_connection.hpp"
#include "nodes/command_line.hpp"
#include "tunnel/connector.hpp"

namespace darkroom::nodes {

/// A node's way to its coordinator: two ports on loopback, behind which lie its job registry and
/// its files, whenever it can be reached. Thread-safe.
class NodeConnector {
 public:
  /// The error says what is wrong with the settings of [node]. That the coordinator cannot be
  /// reached is none.
  [[nodiscard]] static tl::expected<std::unique_ptr<NodeConnector>, std::string> open(
      const Config& config, const HostAndPort& coordinator, const std::string& node);

  [[nodiscard]] std::uint16_t control_port() const { return connector_->control_port(); }
  [[nodiscard]] std::uint16_t data_port() const { return connector_->data_port(); }

  /// How the node's link finds the registry; why it cannot is told in the connector's words, which
  /// knows more than that its own port closes connections. This object must outlive the link.
  [[nodiscard]] actors::ConnectLink link() const;

 private:
  NodeConnector(std::string address, std::unique_ptr<tunnel::Connector> connector)
      : address_(std::move(address)), connector_(std::move(connector)) {}

  std::string address_;  ///< Of the coordinator, for messages.
  std::unique_ptr<tunnel::Connector> connector_;
};

}  // namespace darkroom::nodes
