#pragma once

#include <chrono>
#include <string_view>

#include "http/client_socket.hpp"
#include "http/stop_signal.hpp"

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace darkroom::http {

/// An answer that is sent as it comes to be. It ends with the connection, without a length and
/// without chunks, which is right for HTTP/1.0 and 1.1 alike (RFC 9112, section 6.3, rule 8).
/// Everything is sent at once. Used by the thread of the handler.
class StreamedAnswer {
 public:
  /// `patience`: how long the client may take for one piece, see ClientSocket. `to_head`: the
  /// request is HEAD, so nothing may follow the header.
  StreamedAnswer(ClientSocket& socket, const StopSignal& stop, std::chrono::milliseconds patience,
                 bool to_head)
      : socket_(socket), stop_(stop), patience_(patience), to_head_(to_head) {}

  /// Sends 200 with the header fields of `response`. What the handler leaves in `response` is not
  /// sent from then on. False where nothing is to follow: it was a HEAD, or the client is gone.
  [[nodiscard]] bool begin(const httplib::Response& response);

  /// Sends a further piece; after begin(). False, also from then on, where the client is gone or
  /// does not take it in time.
  [[nodiscard]] bool send(std::string_view bytes);

  /// Whether the client has closed the connection, or its half of it: then nobody waits for more.
  [[nodiscard]] bool client_gone() const { return failed_ || socket_.peer_closed(); }

  /// Raised when the server stops: the handler is to return within some 100 ms.
  [[nodiscard]] const StopSignal& stop() const { return stop_; }

  /// The request has taken its time for a good reason: what is answered now has the same time as a
  /// piece.
  void renew_deadline();

  [[nodiscard]] bool begun() const { return begun_; }
  /// Whether the client can have got all that was sent.
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  ClientSocket& socket_;
  const StopSignal& stop_;
  std::chrono::milliseconds patience_;
  bool to_head_;
  bool begun_ = false;
  bool failed_ = false;
};

/// Of a request that a server of ours answers.
[[nodiscard]] StreamedAnswer& streamed_answer_of(const httplib::Request& request);

}  // namespace darkroom::http
