#include "nodes/parent_process.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <system_error>

#include <sys/prctl.h>
#include <unistd.h>

namespace darkroom::nodes {

void die_with_parent(int parent) {
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) {
    throw std::system_error{errno, std::generic_category(), "cannot ask to end with the parent"};
  }
  // Started through a link, the process would go by the link's name in top and ps.
  (void)::prctl(PR_SET_NAME, "darkroom");
  if (::getppid() != parent) std::_Exit(1);
}

}  // namespace darkroom::nodes
