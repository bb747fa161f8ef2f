#include "http/connection.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "http/limits.hpp"
#include "http/message_body.hpp"
#include "http/request_head.hpp"
#include "http/streamed_answer.hpp"

namespace darkroom::http {
namespace {

using SteadyClock = std::chrono::steady_clock;

// RFC 9112, section 2.2: empty lines before a request are to be passed over.
void skip_empty_lines(ClientSocket& socket) {
  const std::string_view ready = socket.buffered();
  socket.take(std::min(ready.find_first_not_of("\r\n"), ready.size()));
}

// Who has had the last answer makes room for others first.
void linger(ClientSocket& socket, ConnectionThreads::Place& place) {
  place.wait_for_request();
  socket.linger();
}

enum class HeadFailure : std::uint8_t { closed, refused };

HeadFailure refuse(ClientSocket& socket, const Problem& problem, std::string_view method,
                   Traffic& traffic) {
  spdlog::info("request refused, {}: {} (client {} port {})", kind_of(problem.code).name,
               problem.detail, socket.peer_address(), socket.peer_port());
  traffic.answered({.method = method, .status = kind_of(problem.code).status});
  socket.extend_deadline_for_answer();
  const bool written = socket.write(to_response(problem)).has_value();
  return written ? HeadFailure::refused : HeadFailure::closed;
}

tl::expected<RequestHead, HeadFailure> read_head(ClientSocket& socket, Traffic& traffic) {
  const auto refuse_unread = [&](const Problem& problem) {
    return tl::unexpected{refuse(socket, problem, {}, traffic)};
  };
  constexpr std::string_view head_end = "\r\n\r\n";
  std::size_t searched = 0;
  while (true) {
    if (searched == 0) skip_empty_lines(socket);
    const std::string_view ready = socket.buffered();
    const std::size_t found = ready.find(head_end, searched);
    if (std::min(found, ready.size()) > limits::head_bytes) {
      return refuse_unread(
          {ProblemCode::headers_too_large,
           fmt::format("The header of the request has more than {} bytes.", limits::head_bytes)});
    }
    if (found != std::string_view::npos) {
      auto head = parse_request_head(ready.substr(0, found + head_end.size()));
      if (!head) return refuse_unread(head.error());
      socket.take(found + head_end.size());
      return std::move(*head);
    }
    // The end may have come in part.
    searched = ready.size() - std::min(ready.size(), head_end.size() - 1);
    if (const auto filled = socket.fill(); !filled) {
      if (filled.error() == SocketError::closed || socket.buffered().empty()) {
        return tl::unexpected{HeadFailure::closed};
      }
      const bool too_slow = filled.error() == SocketError::too_slow;
      return refuse_unread({too_slow ? ProblemCode::too_slow : ProblemCode::request_timeout,
                            "The header of the request did not come in time."});
    }
  }
}

}  // namespace

void serve_connection(ClientSocket& socket, ConnectionThreads::Place& place,
                      RequestProcessor& processor, const Options& options,
                      const OriginRules& origins, const StopSignal& stop, Traffic& traffic) {
  auto patience = options.read_timeout;
  while (socket.wait_for_input(patience, stop)) {
    const auto started = SteadyClock::now();
    // A whole header fits in a few packets: one that trickles in is an attack on our threads.
    socket.set_deadline(started + options.read_timeout);
    socket.restart_pace();
    const auto head = read_head(socket, traffic);
    if (!head) {
      if (head.error() == HeadFailure::refused) linger(socket, place);
      return;
    }
    if (!place.begin_request()) return;
    if (const auto refusal = origins.refusal(*head)) {
      if (refuse(socket, *refusal, head->method, traffic) == HeadFailure::refused)
        linger(socket, place);
      return;
    }
    socket.set_deadline(started + options.request_timeout);
    MessageBody body{socket, *head, stop};
    StreamedAnswer streamed{socket, stop, options.request_timeout, head->method == "HEAD"};
    const bool last = !head->keep_alive || stop.raised();
    if (!processor.process(socket, *head, body, streamed, last)) return;
    if (last || !body.finished() || streamed.begun()) {
      // What is left of a body must not be taken for the next request.
      if (!body.finished() || socket.has_unread_input()) linger(socket, place);
      return;
    }
    patience = options.keep_alive_timeout;
    place.wait_for_request();
  }
}

}  // namespace darkroom::http
