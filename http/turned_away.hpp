#pragma once

#include <chrono>
#include <vector>

#include <poll.h>

#include "http/limits.hpp"
#include "http/log_throttle.hpp"
#include "jobs/timestamp.hpp"
#include "persistence/file_descriptor.hpp"

namespace darkroom::http {

/// Connections above the limit: each is answered with 503 at once, and kept for a moment only so
/// that the answer arrives (see ClientSocket::linger). Belongs to the accepting thread, which must
/// never wait for a client; so all of it is non-blocking.
class TurnedAway {
 public:
  /// `secured`: with TLS there is no answer without a handshake, so what is said is an alert of it.
  explicit TurnedAway(bool secured = false) : secured_(secured) {}

  void add(persistence::FileDescriptor connection);

  /// Adds what to wait for.
  void append_to(std::vector<pollfd>& entries) const;

  /// Throws away what has come and closes those that are done or whose time is over.
  void tidy();

  [[nodiscard]] bool empty() const { return leaving_.empty(); }

 private:
  struct Leaving {
    persistence::FileDescriptor connection;
    jobs::SteadyTime until;
  };

  bool secured_;
  std::vector<Leaving> leaving_;
  LogThrottle log_{limits::log_interval};
};

}  // namespace darkroom::http
