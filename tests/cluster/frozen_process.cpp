#include "tests/cluster/frozen_process.hpp"

#include <csignal>
#include <stdexcept>
#include <string>

#include "tests/cluster/eventually.hpp"

namespace darkroom::cluster {

FrozenProcess::FrozenProcess(const ProcessIdentity& process) : process_(process) {
  send(SIGSTOP);
  if (eventually([this] { return is_stopped(process_); })) return;
  send(SIGKILL);
  throw std::runtime_error("process " + std::to_string(process.pid) + " cannot be stopped");
}

FrozenProcess::~FrozenProcess() {
  if (!awake_) send(SIGKILL);
}

void FrozenProcess::wake() {
  awake_ = true;
  send(SIGCONT);
}

void FrozenProcess::send(int signal) const {
  if (is_alive(process_)) kill(process_.pid, signal);
}

}  // namespace darkroom::cluster
