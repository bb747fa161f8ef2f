#include "http/client_socket.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

#include <linux/sockios.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "http/limits.hpp"

namespace darkroom::http {
namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t receive_size = std::size_t{16} << 10U;

// poll() takes milliseconds as int; rounds up, so that a wait does not end before its time and
// spin.
int poll_time(SteadyClock::duration wait) {
  const auto rounded = std::chrono::ceil<milliseconds>(wait).count();
  return static_cast<int>(std::clamp<decltype(rounded)>(rounded, 0, 3'600'000));
}

// While the client takes bytes, poll() may be silent for long: it tells of room in the send buffer
// only when a third of it is free, which a slow client takes minutes for.
constexpr std::chrono::seconds look_interval{1};

enum class Polled : std::uint8_t { ready, not_ready, failed };

Polled poll_until(int descriptor, short events, jobs::SteadyTime until) {
  while (true) {
    pollfd entry{descriptor, events, 0};
    const int ready = ::poll(&entry, 1, poll_time(until - SteadyClock::now()));
    if (ready > 0) return Polled::ready;
    if (ready < 0 && errno != EINTR) return Polled::failed;
    if (SteadyClock::now() >= until) return Polled::not_ready;
  }
}

// Never beyond what a point in time can be.
jobs::SteadyTime later(jobs::SteadyTime time, SteadyClock::duration duration) {
  return duration > jobs::SteadyTime::max() - time ? jobs::SteadyTime::max() : time + duration;
}

}  // namespace

ClientSocket::ClientSocket(int descriptor, Timeouts timeouts, RateFloor floor)
    : descriptor_(descriptor), timeouts_(timeouts), reading_(floor), writing_(floor) {
  const int on = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));

  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> service{};
  if (::getpeername(descriptor_, generic, &size) == 0 &&
      ::getnameinfo(generic, size, host.data(), host.size(), service.data(), service.size(),
                    NI_NUMERICHOST | NI_NUMERICSERV) == 0) {
    peer_address_ = host.data();
    const std::string_view digits{service.data()};
    std::from_chars(digits.data(), digits.data() + digits.size(), peer_port_);
  }
}

void ClientSocket::restart_pace() {
  reading_.restart();
  writing_.restart();
}

tl::expected<void, SocketError> ClientSocket::wait_to_read() {
  const auto started = SteadyClock::now();
  const auto silent = std::min(later(started, timeouts_.read), deadline_);
  const auto slow = later(started, reading_.patience());
  const Polled polled = poll_until(descriptor_, POLLIN, std::min(silent, slow));
  reading_.waited(SteadyClock::now() - started);
  if (polled == Polled::ready) return {};
  if (polled == Polled::failed) return tl::unexpected{SocketError::closed};
  return tl::unexpected{slow < silent ? SocketError::too_slow : SocketError::timed_out};
}

// What was handed to the system and has not come to the client's.
std::uint64_t ClientSocket::untaken() const {
  int count = 0;
  return ::ioctl(descriptor_, SIOCOUTQ, &count) == 0 ? static_cast<std::uint64_t>(count) : 0;
}

tl::expected<void, SocketError> ClientSocket::wait_to_write() {
  auto last_progress = SteadyClock::now();
  std::uint64_t left = untaken();
  while (true) {
    const auto started = SteadyClock::now();
    const auto silent = std::min(later(last_progress, timeouts_.write), deadline_);
    const auto slow = later(started, writing_.patience());
    const auto until = std::min({silent, slow, started + look_interval});
    const Polled polled = poll_until(descriptor_, POLLOUT, until);
    const auto now = SteadyClock::now();
    writing_.waited(now - started);
    if (const std::uint64_t after = untaken(); after < left) {
      writing_.moved(left - after);
      left = after;
      last_progress = now;
    }
    if (polled == Polled::ready) return {};
    if (polled == Polled::failed) return tl::unexpected{SocketError::closed};
    if (writing_.patience() <= ClientPace::Duration::zero()) {
      return tl::unexpected{SocketError::too_slow};
    }
    if (now >= std::min(later(last_progress, timeouts_.write), deadline_)) {
      return tl::unexpected{SocketError::timed_out};
    }
  }
}

void ClientSocket::extend_deadline_for_answer() {
  deadline_ = std::max(deadline_, SteadyClock::now() + timeouts_.write);
}

bool ClientSocket::wait_for_input(milliseconds limit, const StopSignal& stop) const {
  if (!buffered().empty()) return true;
  const auto until = SteadyClock::now() + limit;
  while (true) {
    std::array<pollfd, 2> entries{{{descriptor_, POLLIN, 0}, {stop.descriptor(), POLLIN, 0}}};
    const int ready = ::poll(entries.data(), entries.size(), poll_time(until - SteadyClock::now()));
    if (ready > 0) return entries[0].revents != 0;
    if (ready < 0 && errno != EINTR) return false;
    if (SteadyClock::now() >= until) return false;
  }
}

tl::expected<std::size_t, SocketError> ClientSocket::receive(std::span<char> out) {
  while (true) {
    // A client that trickles bytes never lets a wait run out, so the deadline is checked here too.
    if (SteadyClock::now() >= deadline_) {
      slow_ = true;
      return tl::unexpected{SocketError::timed_out};
    }
    const ssize_t count = ::recv(descriptor_, out.data(), out.size(), 0);
    if (count > 0) {
      reading_.moved(static_cast<std::uint64_t>(count));
      moved_.received += static_cast<std::uint64_t>(count);
      return static_cast<std::size_t>(count);
    }
    if (count == 0) return tl::unexpected{SocketError::closed};
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) return tl::unexpected{SocketError::closed};
    if (const auto waited = wait_to_read(); !waited) {
      slow_ = true;
      return tl::unexpected{waited.error()};
    }
  }
}

tl::expected<void, SocketError> ClientSocket::fill() {
  buffer_.erase(0, taken_);
  taken_ = 0;
  const std::size_t before = buffer_.size();
  buffer_.resize(before + receive_size);
  const auto count = receive(std::span{buffer_}.subspan(before));
  buffer_.resize(before + count.value_or(0));
  if (!count) return tl::unexpected{count.error()};
  return {};
}

void ClientSocket::take(std::size_t count) {
  taken_ += std::min(count, buffer_.size() - taken_);
  if (taken_ < buffer_.size()) return;
  buffer_.clear();
  taken_ = 0;
}

tl::expected<std::size_t, SocketError> ClientSocket::read(std::span<char> out) {
  if (const std::string_view ready = buffered(); !ready.empty()) {
    const std::size_t count = ready.copy(out.data(), out.size());
    take(count);
    return count;
  }
  if (out.size() >= receive_size) return receive(out);
  // The library reads in small pieces; one system call serves several of them.
  if (const auto filled = fill(); !filled) return tl::unexpected{filled.error()};
  return read(out);
}

tl::expected<void, SocketError> ClientSocket::write(std::string_view bytes) {
  while (!bytes.empty()) {
    if (SteadyClock::now() >= deadline_) return tl::unexpected{SocketError::timed_out};
    const ssize_t count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
      moved_.sent += static_cast<std::uint64_t>(count);
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) return tl::unexpected{SocketError::closed};
    if (const auto waited = wait_to_write(); !waited) {
      const struct ::linger reset { 1, 0 };
      ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
      return tl::unexpected{waited.error()};
    }
  }
  return {};
}

void ClientSocket::linger() {
  if (::shutdown(descriptor_, SHUT_WR) != 0) return;
  timeouts_.read = std::min(timeouts_.read, limits::linger_silence);
  reading_ = ClientPace{RateFloor{}};
  const auto patience = slow_ ? limits::slow_linger_total : limits::linger_total;
  deadline_ = SteadyClock::now() + patience;
  std::string discarded(std::size_t{64} << 10U, '\0');
  for (std::size_t total = 0; total < limits::linger_bytes;) {
    const auto count = receive(discarded);
    if (!count) return;
    total += *count;
  }
}

bool ClientSocket::peer_closed() const {
  pollfd entry{descriptor_, POLLRDHUP, 0};
  return ::poll(&entry, 1, 0) > 0 && entry.revents != 0;
}

bool ClientSocket::has_unread_input() const {
  if (!buffered().empty()) return true;
  char byte = 0;
  return ::recv(descriptor_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

}  // namespace darkroom::http
