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
#include "http/socket_wait.hpp"
#include "http/tls_layer.hpp"

namespace darkroom::http {
namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t receive_size = std::size_t{16} << 10U;

// While the client takes bytes, poll() may be silent for long: it tells of room in the send buffer
// only when a third of it is free, which a slow client takes minutes for.
constexpr std::chrono::seconds look_interval{1};

// What recv() or send() came to.
Transfer outcome(ssize_t count, TransferState wanted) {
  if (count > 0) return {static_cast<std::size_t>(count)};
  if (count == 0) return {0, TransferState::ended};
  const bool again = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
  return {0, again ? wanted : TransferState::ended};
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

ClientSocket::~ClientSocket() {
  finish_tls();
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

bool ClientSocket::wait_or_stop(short events, jobs::SteadyTime until,
                                const StopSignal& stop) const {
  while (true) {
    std::array<pollfd, 2> entries{{{descriptor_, events, 0}, {stop.descriptor(), POLLIN, 0}}};
    const int ready = ::poll(entries.data(), entries.size(), poll_time(until - SteadyClock::now()));
    if (ready > 0) return entries[0].revents != 0;
    if (ready < 0 && errno != EINTR) return false;
    if (SteadyClock::now() >= until) return false;
  }
}

bool ClientSocket::wait_for_input(milliseconds limit, const StopSignal& stop) const {
  if (!buffered().empty() || (tls_ && tls_->has_decrypted())) return true;
  return wait_or_stop(POLLIN, SteadyClock::now() + limit, stop);
}

Transfer ClientSocket::try_receive(std::span<char> out) {
  if (!tls_) {
    const auto moved =
        outcome(::recv(descriptor_, out.data(), out.size(), 0), TransferState::wants_read);
    reading_.moved(moved.bytes);
    return moved;
  }
  // What came, not what it says: a record is long on its way before anything of it can be read.
  const std::uint64_t before = tls_->bytes_received();
  const auto moved = tls_->read(out);
  reading_.moved(tls_->bytes_received() - before);
  return moved;
}

Transfer ClientSocket::try_send(std::string_view bytes) {
  if (tls_) return tls_->write(bytes);
  return outcome(::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
                 TransferState::wants_write);
}

tl::expected<void, SocketError> ClientSocket::wait_for(TransferState state) {
  return state == TransferState::wants_read ? wait_to_read() : wait_to_write();
}

tl::expected<std::size_t, SocketError> ClientSocket::receive(std::span<char> out) {
  while (true) {
    // A client that trickles bytes never lets a wait run out, so the deadline is checked here too.
    if (SteadyClock::now() >= deadline_) {
      slow_ = true;
      return tl::unexpected{SocketError::timed_out};
    }
    const Transfer moved = try_receive(out);
    if (moved.state == TransferState::done) {
      untold_.received += moved.bytes;
      return moved.bytes;
    }
    if (moved.state == TransferState::ended) return tl::unexpected{SocketError::closed};
    if (const auto waited = wait_for(moved.state); !waited) {
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

tl::unexpected<SocketError> ClientSocket::give_up_writing(SocketError why) {
  secured_ = false;  // Nothing can follow a record that was not taken whole.
  const struct ::linger reset { 1, 0 };
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
  return tl::unexpected{why};
}

tl::expected<void, SocketError> ClientSocket::write(std::string_view bytes) {
  while (!bytes.empty()) {
    // One that takes a little each time never lets a wait run out.
    if (SteadyClock::now() >= deadline_) return give_up_writing(SocketError::timed_out);
    const Transfer moved = try_send(bytes);
    bytes.remove_prefix(moved.bytes);
    written_ += moved.bytes;
    untold_.sent += moved.bytes;
    if (moved.state == TransferState::done) continue;
    if (moved.state == TransferState::ended) return tl::unexpected{SocketError::closed};
    if (const auto waited = wait_for(moved.state); !waited) return give_up_writing(waited.error());
  }
  return {};
}

void ClientSocket::linger() {
  finish_tls();
  tls_.reset();  // What still comes need not be understood.
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
  if (!buffered().empty() || (tls_ && tls_->has_decrypted())) return true;
  char byte = 0;
  return ::recv(descriptor_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

}  // namespace darkroom::http
