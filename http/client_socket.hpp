#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

#include "http/client_pace.hpp"
#include "http/stop_signal.hpp"
#include "http/transfer.hpp"
#include "jobs/timestamp.hpp"

namespace darkroom::http {

class TlsLayer;

/// How the first bytes on a connection to a port with TLS were taken.
enum class Handshake : std::uint8_t {
  done,
  failed,      ///< Or the client was silent for too long, or the server stops.
  plain_http,  ///< The client speaks HTTP without TLS, and so are we to answer it.
};

enum class SocketError : std::uint8_t {
  closed,     ///< The client ended or broke the connection.
  timed_out,  ///< No byte for too long, or the deadline has come.
  too_slow,   ///< Bytes come or go, but fewer than the floor asks for.
};

/// One accepted connection: buffered reading and writing, with TLS or without, each wait with a
/// limit. Used by one thread.
class ClientSocket {
 public:
  struct Timeouts {
    std::chrono::milliseconds read;   ///< Without a byte from the client.
    std::chrono::milliseconds write;  ///< Without a byte taken by it.
  };

  /// `descriptor` is a connected TCP socket in non-blocking mode; it stays its owner's to close.
  ClientSocket(int descriptor, Timeouts timeouts, RateFloor floor = {});
  ClientSocket(const ClientSocket&) = delete;
  ClientSocket& operator=(const ClientSocket&) = delete;
  ClientSocket(ClientSocket&&) = delete;
  ClientSocket& operator=(ClientSocket&&) = delete;
  /// Tells a client with TLS that nothing more comes.
  ~ClientSocket();

  /// Waits for the client's first bytes and shakes hands, both within the time-out of reading, or
  /// until `stop` is raised. From then on everything goes through `layer`. Call before all others.
  [[nodiscard]] Handshake shake_hands(std::unique_ptr<TlsLayer> layer, const StopSignal& stop);

  /// Why shake_hands() failed, in words.
  [[nodiscard]] std::string handshake_failure() const;

  [[nodiscard]] int descriptor() const { return descriptor_; }

  /// Whether what goes to and fro is encrypted.
  [[nodiscard]] bool secured() const { return secured_; }

  /// A new request begins: what the client was slow at before is forgotten.
  void restart_pace();

  /// No wait ends later than this, whatever the time-outs.
  void set_deadline(jobs::SteadyTime deadline) { deadline_ = deadline; }

  /// Gives the answer to a request that ran out of time the time for one write to get out.
  void extend_deadline_for_answer();

  /// Waits until there is something to read (true, also for the end of the stream), or until the
  /// time is over or `stop` is raised (false).
  [[nodiscard]] bool wait_for_input(std::chrono::milliseconds limit, const StopSignal& stop) const;

  /// Bytes received and not yet taken.
  [[nodiscard]] std::string_view buffered() const {
    return std::string_view{buffer_}.substr(taken_);
  }

  /// Waits for further bytes and adds them to buffered().
  [[nodiscard]] tl::expected<void, SocketError> fill();

  /// Drops the first `count` bytes of buffered().
  void take(std::size_t count);

  /// Reads at least one byte, from the buffer first.
  [[nodiscard]] tl::expected<std::size_t, SocketError> read(std::span<char> out);

  /// After an error for its slowness the connection is reset when it is closed: the system would
  /// else keep what the client does not take for minutes.
  [[nodiscard]] tl::expected<void, SocketError> write(std::string_view bytes);

  /// To be called before closing where the client may still be sending, so that an answer already
  /// written reaches it: ends our side, then throws away what comes until the client closes, falls
  /// silent, or the time or the bytes allowed are spent. Closing with unread input would make the
  /// kernel reset the connection, and the client would never see the answer. A client that was cut
  /// off for its slowness gets less time.
  void linger();

  /// True where bytes that nobody has taken are waiting.
  [[nodiscard]] bool has_unread_input() const;

  /// True where the client has closed the connection, or its half of it. Does not wait.
  [[nodiscard]] bool peer_closed() const;

  /// Bytes that came and went, without what TLS adds to them.
  struct Moved {
    std::uint64_t received = 0;
    std::uint64_t sent = 0;
  };
  /// Since the last call.
  [[nodiscard]] Moved take_moved() { return std::exchange(untold_, {}); }

  /// What was written so far, before any encryption.
  [[nodiscard]] std::uint64_t bytes_written() const { return written_; }

  [[nodiscard]] const std::string& peer_address() const { return peer_address_; }
  [[nodiscard]] int peer_port() const { return peer_port_; }

 private:
  /// False where the time is over or `stop` is raised.
  [[nodiscard]] bool wait_or_stop(short events, jobs::SteadyTime until,
                                  const StopSignal& stop) const;
  [[nodiscard]] Transfer try_receive(std::span<char> out);
  [[nodiscard]] Transfer try_send(std::string_view bytes);
  /// Has the connection reset when it is closed, without a farewell.
  [[nodiscard]] tl::unexpected<SocketError> give_up_writing(SocketError why);
  void finish_tls();
  [[nodiscard]] tl::expected<void, SocketError> wait_for(TransferState state);
  [[nodiscard]] tl::expected<void, SocketError> wait_to_read();
  [[nodiscard]] tl::expected<void, SocketError> wait_to_write();
  [[nodiscard]] tl::expected<std::size_t, SocketError> receive(std::span<char> out);
  [[nodiscard]] std::uint64_t untaken() const;

  int descriptor_;
  Timeouts timeouts_;
  ClientPace reading_;
  ClientPace writing_;
  bool slow_ = false;     ///< Reading from it took too long.
  bool secured_ = false;  ///< All goes through `tls_`.
  std::unique_ptr<TlsLayer> tls_;
  std::uint64_t written_ = 0;
  Moved untold_;
  jobs::SteadyTime deadline_ = jobs::SteadyTime::max();
  std::string buffer_;
  std::size_t taken_ = 0;
  std::string peer_address_;
  int peer_port_ = 0;
};

}  // namespace darkroom::http
