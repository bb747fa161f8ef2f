#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tunnel/address.hpp"
#include "tunnel/event_loop.hpp"
#include "tunnel/preamble.hpp"
#include "tunnel/stream.hpp"

namespace darkroom::tunnel {

class TlsIdentity;

/// How a connection to the front came to its end as an unproven one.
enum class SessionEnd : std::uint8_t {
  proven,    ///< It is relayed from now on.
  no_fault,  ///< It left, or this node was not ready for it.
  failed,    ///< It did not prove itself.
};

/// What a session needs of its front.
class FrontSessionHost {
 public:
  FrontSessionHost() = default;
  FrontSessionHost(const FrontSessionHost&) = delete;
  FrontSessionHost& operator=(const FrontSessionHost&) = delete;
  FrontSessionHost(FrontSessionHost&&) = delete;
  FrontSessionHost& operator=(FrontSessionHost&&) = delete;
  virtual ~FrontSessionHost() = default;

  [[nodiscard]] virtual EventLoop& loop() = 0;
  [[nodiscard]] virtual const Options& options() const = 0;
  [[nodiscard]] virtual const Versions& versions() const = 0;
  /// Null: no TLS.
  [[nodiscard]] virtual const TlsIdentity* identity() const = 0;
  /// The loopback port that a channel leads to; 0: it is not there yet.
  [[nodiscard]] virtual std::uint16_t target(Channel channel) const = 0;

  /// Takes over a proven peer, with the bytes that it gets first.
  virtual void relay(Stream peer, Stream local, std::string for_peer) = 0;
  virtual void refused(const Address& from, std::string_view why) = 0;
  /// Once for each session, which does nothing after it.
  virtual void ended(std::uint64_t id, const Address& from, SessionEnd end) = 0;
};

/// A connection to the front from being accepted to being proven or refused: it gets
/// handshake_timeout for all of that. Nothing but a socket is kept for it until it has sent what
/// may be the beginning of a handshake.
class FrontSession : public std::enable_shared_from_this<FrontSession> {
 public:
  FrontSession(FrontSessionHost& host, std::uint64_t id, Descriptor socket, const Address& from);

  void start();
  /// Ends it at once, without telling the host.
  void drop();

 private:
  void greet();
  void begin_tls();
  void shake_hands();
  void read_hello();
  void take_hello(std::string_view line);
  void finish_connecting(Channel channel);

  /// Calls `step` when the peer is ready for it.
  void wait(Progress progress, void (FrontSession::*step)());
  /// Tells the peer why, if it can be told, and the log.
  void refuse(std::string_view why, std::string_view to_peer, SessionEnd end);
  /// Ends the connection so that what was sent last arrives: closing with unread bytes would cut it
  /// (RFC 9293, section 3.6.1).
  void linger();
  void discard();
  void end(SessionEnd how);

  FrontSessionHost& host_;
  std::uint64_t id_;
  Address from_;
  Stream peer_;
  std::optional<Stream> local_;
  Timer deadline_;
  std::string received_;
  std::size_t discarded_ = 0;
  SessionEnd outcome_ = SessionEnd::no_fault;
  bool ended_ = false;
};

}  // namespace darkroom::tunnel
