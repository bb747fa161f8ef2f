#include "http/stop_signal.hpp"

#include <cerrno>
#include <system_error>

#include <sys/eventfd.h>

namespace darkroom::http {

StopSignal::StopSignal() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!event_) throw std::system_error{errno, std::generic_category(), "eventfd"};
}

void StopSignal::raise() {
  raised_ = true;
  // Fails only where the counter is full, and then the descriptor is readable already.
  static_cast<void>(::eventfd_write(event_.number(), 1));
}

}  // namespace darkroom::http
