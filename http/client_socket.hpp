#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

#include "http/client_pace.hpp"
#include "http/stop_signal.hpp"
#include "jobs/timestamp.hpp"

namespace darkroom::http {

enum class SocketError : std::uint8_t {
  closed,     ///< The client ended or broke the connection.
  timed_out,  ///< No byte for too long, or the deadline has come.
  too_slow,   ///< Bytes come or go, but fewer than the floor asks for.
};

/// One accepted connection: buffered reading and writing, each wait with a limit. Used by one
/// thread.
class ClientSocket {
 public:
  struct Timeouts {
    std::chrono::milliseconds read;   ///< Without a byte from the client.
    std::chrono::milliseconds write;  ///< Without a byte taken by it.
  };

  /// `descriptor` is a connected TCP socket in non-blocking mode; it stays its owner's to close.
  ClientSocket(int descriptor, Timeouts timeouts, RateFloor floor = {});

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

  /// Bytes that came and went since the last call.
  struct Moved {
    std::uint64_t received = 0;
    std::uint64_t sent = 0;
  };
  [[nodiscard]] Moved take_moved() { return std::exchange(moved_, {}); }

  [[nodiscard]] const std::string& peer_address() const { return peer_address_; }
  [[nodiscard]] int peer_port() const { return peer_port_; }

 private:
  [[nodiscard]] tl::expected<void, SocketError> wait_to_read();
  [[nodiscard]] tl::expected<void, SocketError> wait_to_write();
  [[nodiscard]] tl::expected<std::size_t, SocketError> receive(std::span<char> out);
  [[nodiscard]] std::uint64_t untaken() const;

  int descriptor_;
  Timeouts timeouts_;
  ClientPace reading_;
  ClientPace writing_;
  Moved moved_;
  bool slow_ = false;  ///< Reading from it took too long.
  jobs::SteadyTime deadline_ = jobs::SteadyTime::max();
  std::string buffer_;
  std::size_t taken_ = 0;
  std::string peer_address_;
  int peer_port_ = 0;
};

}  // namespace darkroom::http
