#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "actors/registry_connection.hpp"
#include "nodes/command_line.hpp"

namespace darkroom::nodes {

/// A node's way to its coordinator: two ports on loopback, behind which lie its job registry and
/// its files, whenever it can be reached. Thread-safe.
class NodeConnector {
 public:
  /// The error says what is wrong with the settings of [node]. That the coordinator cannot be
  /// reached is none.
  [[nodiscard]] static tl::expected<std::unique_ptr<NodeConnector>, std::string> open(
      const Config& config, const HostAndPort& coordinator, const std::string& node);

  virtual ~NodeConnector() = default;

  [[nodiscard]] virtual std::uint16_t control_port() const = 0;
  [[nodiscard]] virtual std::uint16_t data_port() const = 0;

  /// How the node's link finds the registry; why it cannot is told in this connector's words. This
  /// object must outlive the link.
  [[nodiscard]] virtual actors::ConnectLink link() const = 0;
};

}  // namespace darkroom::nodes
