#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tunnel/address.hpp"
#include "tunnel/connector.hpp"
#include "tunnel/event_loop.hpp"
#include "tunnel/host_lookup.hpp"
#include "tunnel/preamble.hpp"
#include "tunnel/stream.hpp"

namespace darkroom::tunnel {

class TlsIdentity;

/// What a session needs of its connector.
class ConnectorSessionHost {
 public:
  ConnectorSessionHost() = default;
  ConnectorSessionHost(const ConnectorSessionHost&) = delete;
  ConnectorSessionHost& operator=(const ConnectorSessionHost&) = delete;
  ConnectorSessionHost(ConnectorSessionHost&&) = delete;
  ConnectorSessionHost& operator=(ConnectorSessionHost&&) = delete;
  virtual ~ConnectorSessionHost() = default;

  [[nodiscard]] virtual EventLoop& loop() = 0;
  [[nodiscard]] virtual HostLookup& lookup() = 0;
  [[nodiscard]] virtual const ConnectorOptions& options() const = 0;
  /// Null: no TLS.
  [[nodiscard]] virtual const TlsIdentity* identity() const = 0;

  /// Takes over an accepted connection, with the bytes that the front has sent already.
  virtual void relay(Stream peer, Stream local, std::string for_local) = 0;
  /// Once for each session, which does nothing after it; `problem` where it did not reach the
  /// front.
  virtual void ended(std::uint64_t id, const std::optional<std::string>& problem) = 0;
};

/// A local connection on its way to the front: the host is looked up, its addresses are tried one
/// after the other, then come TLS and preamble.
class ConnectorSession : public std::enable_shared_from_this<ConnectorSession> {
 public:
  ConnectorSession(ConnectorSessionHost& host, std::uint64_t id, Channel channel, Descriptor local);

  void start();
  /// Ends it at once, without telling the host.
  void drop();

 private:
  void try_next_address();
  void finish_connecting();
  void shake_hands();
  void send_hello();
  void read_answer();
  void take_answer(std::size_t end_of_line);

  void wait(Progress progress, void (ConnectorSession::*step)());
  /// Waits for what `what` says, as long as node.handshake_timeout.
  void give_time(std::string what);
  void fail(const std::string& why);

  ConnectorSessionHost& host_;
  std::uint64_t id_;
  Channel channel_;
  Stream local_;
  std::optional<Stream> peer_;
  std::vector<Address> addresses_;
  std::size_t next_address_ = 0;
  std::string connect_problems_;
  Timer deadline_;
  std::string to_send_;
  std::string received_;
  bool ended_ = false;
};

}  // namespace darkroom::tunnel
