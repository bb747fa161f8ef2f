#include "http/turned_away.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include "http/limits.hpp"
#include "http/problem.hpp"
#include "http/request_id.hpp"

namespace darkroom::http {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int reads_at_once = 16;

// False once the client has closed.
bool discard_input(int connection) {
  std::array<char, std::size_t{16} << 10U> discarded{};
  for (int i = 0; i < reads_at_once; ++i) {
    const ssize_t count = ::recv(connection, discarded.data(), discarded.size(), MSG_DONTWAIT);
    if (count == 0) return false;
    if (count < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
  }
  return true;
}

}  // namespace

void TurnedAway::add(persistence::FileDescriptor connection) {
  if (const auto held_back = log_.pass(SteadyClock::now())) {
    spdlog::warn("too many connections, some are turned away held_back={}", *held_back);
  }
  // RFC 8446, section 6: fatal, internal_error, of which there is none that fits better.
  constexpr std::string_view alert{"\x15\x03\x03\x00\x02\x02\x50", 7};
  const std::string answer =
      secured_ ? std::string{alert}
               : to_response({ProblemCode::too_many_connections,
                              "The service has as many connections open as it takes. Try again in "
                              "a moment."},
                             new_request_id());
  // A new connection's send buffer has room for it.
  static_cast<void>(
      ::send(connection.number(), answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
  ::shutdown(connection.number(), SHUT_WR);
  if (leaving_.size() >= limits::farewells_at_once) leaving_.erase(leaving_.begin());
  leaving_.push_back({std::move(connection), SteadyClock::now() + limits::farewell_time});
}

void TurnedAway::append_to(std::vector<pollfd>& entries) const {
  for (const Leaving& leaving : leaving_) {
    entries.push_back({leaving.connection.number(), POLLIN, 0});
  }
}

void TurnedAway::tidy() {
  const auto now = SteadyClock::now();
  std::erase_if(leaving_, [now](const Leaving& leaving) {
    return now >= leaving.until || !discard_input(leaving.connection.number());
  });
}

}  // namespace darkroom::http
