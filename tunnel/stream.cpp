#include "tunnel/stream.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <sys/socket.h>

namespace darkroom::tunnel {

void Stream::secure(tls::Handle<ssl_st> session) {
  tls_.emplace(std::move(session), socket_.number());
}

Transfer Stream::read(std::span<char> into) {
  if (tls_) return tls_->read(into);
  while (true) {
    const ssize_t got = ::recv(socket_.number(), into.data(), into.size(), 0);
    if (got > 0) return {.bytes = static_cast<std::size_t>(got), .progress = Progress::done};
    if (got == 0) return {.bytes = 0, .progress = Progress::ended};
    if (errno == EAGAIN || errno == EWOULDBLOCK)
      return {.bytes = 0, .progress = Progress::wants_read};
    if (errno != EINTR) return {.bytes = 0, .progress = outcome_of_error()};
  }
}

Transfer Stream::write(std::string_view bytes) {
  if (tls_) return tls_->write(bytes);
  Transfer transfer;
  while (transfer.bytes < bytes.size()) {
    const ssize_t put = ::send(socket_.number(), bytes.data() + transfer.bytes,
                               bytes.size() - transfer.bytes, MSG_NOSIGNAL);
    if (put >= 0) {
      transfer.bytes += static_cast<std::size_t>(put);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      transfer.progress = Progress::wants_write;
      return transfer;
    } else if (errno != EINTR) {
      transfer.progress = outcome_of_error();
      return transfer;
    }
  }
  return transfer;
}

Progress Stream::finish_writing() {
  if (tls_) return tls_->finish_writing();
  return ::shutdown(socket_.number(), SHUT_WR) == 0 ? Progress::done : outcome_of_error();
}

std::string Stream::failure() const {
  if (tls_ && !tls_->failure().empty()) return tls_->failure();
  return fmt::format("the connection was lost: {}", std::generic_category().message(error_));
}

void Stream::when(Progress progress, std::function<void()> then) {
  socket_.when(progress == Progress::wants_write ? Readiness::writable : Readiness::readable,
               std::move(then));
}

Progress Stream::outcome_of_error() {
  error_ = errno;
  return Progress::failed;
}

}  // namespace darkroom::tunnel
