#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <tl/expected.hpp>

#include "http/client_socket.hpp"
#include "http/request_head.hpp"
#include "http/stop_signal.hpp"

namespace darkroom::http {

enum class BodyError : std::uint8_t {
  closed,     ///< The client went away before its end.
  stopped,    ///< The server stops, and cut it off.
  timed_out,  ///< Nothing came for too long, or the request's time was over.
  too_slow,   ///< The client sends, but fewer bytes a second than it must.
  malformed,  ///< The chunks are not those of RFC 9112, section 7.1.
};

/// The body of one request, free of its transfer coding. It ends where the message ends, so that
/// nothing which reads it can run into the next request.
class MessageBody {
 public:
  MessageBody(ClientSocket& socket, const RequestHead& head, const StopSignal& stop);

  /// Reads at least one byte; 0 at the end. The first call sends 100 Continue where the client
  /// waits for it; a request that is refused before never gets it. An error is final, and leaves
  /// some time for the answer that says so.
  [[nodiscard]] tl::expected<std::size_t, BodyError> read(std::span<char> out);

  /// True once the whole message was read: what follows on the connection is the next request.
  [[nodiscard]] bool finished() const { return state_ == State::finished; }

 private:
  enum class State : std::uint8_t { data, chunk_size, chunk_end, trailers, finished };

  [[nodiscard]] BodyError body_error(SocketError error) const;
  [[nodiscard]] tl::expected<std::size_t, BodyError> read_some(std::span<char> out);
  [[nodiscard]] tl::expected<std::size_t, BodyError> read_data(std::span<char> out);
  [[nodiscard]] tl::expected<void, BodyError> read_framing_line();
  [[nodiscard]] tl::expected<std::string, BodyError> read_line();
  [[nodiscard]] bool take_chunk_size(std::string_view line);

  ClientSocket& socket_;
  const StopSignal& stop_;
  State state_ = State::finished;
  bool chunked_ = false;
  bool send_continue_ = false;
  std::uint64_t left_ = 0;  ///< Bytes left of the body, or of the chunk.
  std::size_t trailer_bytes_ = 0;
};

}  // namespace darkroom::http
