#include "nodes/confinement.hpp"

#include <cerrno>
#include <system_error>

#include <sys/prctl.h>
#include <sys/resource.h>

namespace darkroom::nodes {

void confine_worker() {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    throw std::system_error{errno, std::generic_category(), "cannot give up new privileges"};
  }
  constexpr rlimit none{0, 0};
  if (::setrlimit(RLIMIT_CORE, &none) != 0) {
    throw std::system_error{errno, std::generic_category(), "cannot turn core files off"};
  }
}

}  // namespace darkroom::nodes
