#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "tunnel/options.hpp"
#include "tunnel/preamble.hpp"

namespace darkroom::tunnel {

struct FrontOptions {
  Options node;
  Versions versions;
  /// How often files and peers are looked at.
  std::chrono::milliseconds watch_interval{1'000};
};

/// What a front counts.
struct FrontFigures {
  std::size_t peers = 0;       ///< Proven connections.
  std::size_t handshakes = 0;  ///< Those not yet proven.
  std::uint64_t accepted = 0;  ///< Proven since the start.
  std::uint64_t refused = 0;   ///< Not proven since the start, those included that were not tried.
  /// Until this node's certificate ends; none without TLS.
  std::optional<std::chrono::seconds> certificate_left = {};
};

/// The port that other nodes reach: takes connections, has them prove themselves by a certificate
/// of the cluster's CA and speak the same version, and joins them to a service of this node that
/// listens on loopback. One thread; whoever is not proven costs next to nothing. All members may be
/// called from any thread.
class Front {
 public:
  /// Listens at node.host and node.join. The error is a whole sentence: what cannot be listened on,
  /// what is wrong with the TLS files, or that there is no TLS though others can reach the port.
  [[nodiscard]] static tl::expected<std::unique_ptr<Front>, std::string> start(
      FrontOptions options);

  Front(const Front&) = delete;
  Front& operator=(const Front&) = delete;
  Front(Front&&) = delete;
  Front& operator=(Front&&) = delete;
  /// As stop().
  ~Front();

  /// The port it listens on.
  [[nodiscard]] std::uint16_t port() const;

  /// Where `channel` leads: a port on 127.0.0.1; 0: peers are told that this node is still
  /// starting.
  void set_target(Channel channel, std::uint16_t port);

  [[nodiscard]] FrontFigures figures() const;

  /// Cuts all connections and ends the thread.
  void stop();

 private:
  class Impl;
  explicit Front(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace darkroom::tunnel
