#include "http/socket_wait.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>

#include <poll.h>

namespace darkroom::http {

using SteadyClock = std::chrono::steady_clock;

int poll_time(jobs::SteadyTime::duration wait) {
  constexpr std::chrono::milliseconds::rep longest = 3'600'000;
  const auto rounded = std::chrono::ceil<std::chrono::milliseconds>(wait).count();
  return static_cast<int>(std::clamp<std::chrono::milliseconds::rep>(rounded, 0, longest));
}

Polled poll_until(int descriptor, short events, jobs::SteadyTime until) {
  while (true) {
    pollfd entry{descriptor, events, 0};
    const int ready = ::poll(&entry, 1, poll_time(until - SteadyClock::now()));
    if (ready > 0) return Polled::ready;
    if (ready < 0 && errno != EINTR) return Polled::failed;
    if (SteadyClock::now() >= until) return Polled::not_ready;
  }
}

}  // namespace darkroom::http
