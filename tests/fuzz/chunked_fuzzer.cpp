// A chunked body and what follows it on the connection: the same bytes, the same end, and the same
// rest, whether they come at once or one by one.

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <sys/socket.h>
#include <unistd.h>

#include "http/client_socket.hpp"
#include "http/message_body.hpp"
#include "http/stop_signal.hpp"
#include "tests/fuzz/hold.hpp"

using namespace darkroom;

namespace {

/// Both ends of a connection, on which the bytes wait already. With `packets` each recv() gives one
/// byte.
class Connection {
 public:
  Connection(std::string_view bytes, bool packets) {
    const int type = (packets ? SOCK_SEQPACKET : SOCK_STREAM) | SOCK_NONBLOCK;
    fuzz::hold(::socketpair(AF_UNIX, type, 0, ends_.data()) == 0, "there are sockets");
    while (!bytes.empty()) {
      const auto sent = ::send(ends_[0], bytes.data(), packets ? 1 : bytes.size(), MSG_NOSIGNAL);
      fuzz::hold(sent > 0, "the socket holds all of it");
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    ::shutdown(ends_[0], SHUT_WR);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  Connection(Connection&&) = delete;
  Connection& operator=(Connection&&) = delete;
  ~Connection() {
    for (const int end : ends_)
      ::close(end);
  }

  [[nodiscard]] int server() const { return ends_[1]; }

 private:
  std::array<int, 2> ends_{-1, -1};
};

std::string outcome(std::string_view bytes, bool packets, std::size_t piece) {
  static const http::StopSignal stop;
  const Connection connection{bytes, packets};
  http::ClientSocket socket{connection.server(),
                            {.read = std::chrono::seconds{1}, .write = std::chrono::seconds{1}}};
  http::RequestHead head;
  head.framing = http::BodyFraming::chunked;
  http::MessageBody body{socket, head, stop};
  std::string text;
  std::array<char, 64> out{};
  while (true) {
    const auto count = body.read(std::span{out}.first(piece));
    if (!count) return text + "\nerror " + std::to_string(static_cast<int>(count.error()));
    if (*count == 0) break;
    text.append(out.data(), *count);
  }
  fuzz::hold(body.finished(), "a body that gives no more is finished");
  while (socket.fill()) {
  }
  return text + "\nrest " + std::string{socket.buffered()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t most_packets = 200;  // That wait in a socket.
  const std::string_view bytes(reinterpret_cast<const char*>(data), std::min(size, most_packets));
  const auto whole = outcome(bytes, false, 64);
  fuzz::hold(outcome(bytes, false, 3) == whole, "how much is asked for makes no difference");
  fuzz::hold(outcome(bytes, true, 64) == whole, "where it is cut makes no difference");
  return 0;
}
