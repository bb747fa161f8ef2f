#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "tunnel/options.hpp"

namespace darkroom::tunnel {

struct ConnectorOptions {
  std::string host;  ///< Of the front: a name or an address.
  std::uint16_t port = 0;
  Options node;  ///< Of it `tls`, `insecure`, the two timeouts and `max_peers`.
  Versions versions;
  std::string node_name;  ///< See is_node_name().
  /// Called on the connector's thread. on_problem: no connection reaches the front, and why, when
  /// that begins and whenever the reason changes; on_reached: one does, for the first time or after
  /// a problem.
  std::function<void(const std::string& why)> on_problem = {};
  std::function<void()> on_reached = {};
  std::chrono::milliseconds watch_interval{1'000};  ///< As of FrontOptions.
};

/// The other end of a front: listens on two ports of 127.0.0.1, one for each channel, and joins
/// each connection made there to the front's service of that channel, through a tunnel of its own.
/// Where the front cannot be reached or refuses, the connection is closed at once. One thread; all
/// members may be called from any thread.
///
/// TCP does not tell who connects, so every user of this machine can use the two ports, as they can
/// any loopback port: keep people away whom the cluster does not trust.
class Connector {
 public:
  /// The error is a whole sentence: what is wrong with the TLS files or the node's name, or that
  /// there is no TLS though the front lies beyond this machine. Does not wait for the front.
  [[nodiscard]] static tl::expected<std::unique_ptr<Connector>, std::string> start(
      ConnectorOptions options);

  Connector(const Connector&) = delete;
  Connector& operator=(const Connector&) = delete;
  Connector(Connector&&) = delete;
  Connector& operator=(Connector&&) = delete;
  /// As stop().
  ~Connector();

  [[nodiscard]] std::uint16_t control_port() const;
  [[nodiscard]] std::uint16_t data_port() const;

  /// Why the last try failed; nothing where it went well, or there was none.
  [[nodiscard]] std::optional<std::string> last_problem() const;

  /// Connections through the tunnel.
  [[nodiscard]] std::size_t peers() const;
  /// Until this node's certificate ends; none without TLS.
  [[nodiscard]] std::optional<std::chrono::seconds> certificate_left() const;

  /// Cuts all connections and ends the thread. Not to be called by on_problem or on_reached.
  void stop();

 private:
  class Impl;
  explicit Connector(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace darkroom::tunnel
