#include "nodes/signals.hpp"

#include <csignal>
#include <cstdlib>
#include <string>

#include <pthread.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace darkroom::nodes {
namespace {

/// Wakes the signal thread when the node is done; nobody else sends it.
constexpr int wake_signal = SIGUSR1;

sigset_t watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, wake_signal);
  return set;
}

/// What a shell reports for a process that died of this signal.
int exit_code_for(int signal) {
  return 128 + signal;
}

void watch(StopRequest& stop, const std::atomic<bool>& done) {
  const sigset_t set = watched_signals();
  bool stopping = false;
  for (;;) {
    int signal = 0;
    if (sigwait(&set, &signal) != 0) continue;
    if (signal == wake_signal) {
      if (done) return;
      continue;  // From outside, where it means nothing.
    }
    if (stopping) std::_Exit(exit_code_for(signal));
    stopping = true;
    stop.ask({.exit_code = 0, .text = signal == SIGINT ? "Ctrl-C" : "SIGTERM"});
  }
}

}  // namespace

void block_signals() {
  const sigset_t set = watched_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  // A client that hangs up is told by an error code, not by a signal.
  (void)std::signal(SIGPIPE, SIG_IGN);
}

SignalThread::SignalThread(StopRequest& stop) : thread_([this, &stop] { watch(stop, done_); }) {}

SignalThread::~SignalThread() {
  done_ = true;
  pthread_kill(thread_.native_handle(), wake_signal);
  thread_.join();
}

void die_with_parent(int parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // Started through a link, the process would go by the link's name in top and ps.
  prctl(PR_SET_NAME, "darkroom");
  if (getppid() != parent) std::_Exit(1);
}

}  // namespace darkroom::nodes
