#include "nodes/signals.hpp"

#include <csignal>
#include <cstdlib>
#include <string>
#include <system_error>

#include <pthread.h>

namespace darkroom::nodes {
namespace {

/// Wakes the signal thread when the node is done; nobody else sends it.
constexpr int wake_signal = SIGUSR1;

/// As nohup(1) has it for SIGHUP, so that a program outlives its terminal.
bool is_ignored(int signal) {
  struct sigaction action {};
  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

std::string name_of(int signal) {
  if (signal == SIGINT) return "Ctrl-C";
  return signal == SIGHUP ? "SIGHUP" : "SIGTERM";
}

sigset_t watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  if (!is_ignored(SIGHUP)) sigaddset(&set, SIGHUP);
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
    // A terminal that closes may say so twice, which is no sign of impatience.
    if (stopping && signal == SIGHUP) continue;
    if (stopping) std::_Exit(exit_code_for(signal));
    stopping = true;
    stop.ask({.exit_code = 0, .text = name_of(signal)});
  }
}

}  // namespace

void block_signals() {
  const sigset_t set = watched_signals();
  if (const int error = pthread_sigmask(SIG_BLOCK, &set, nullptr); error != 0) {
    throw std::system_error{error, std::generic_category(), "cannot block signals"};
  }
  // A client that hangs up is told by an error code, not by a signal.
  (void)std::signal(SIGPIPE, SIG_IGN);
  // Whoever started us may ignore it, and then children could not be waited for.
  (void)std::signal(SIGCHLD, SIG_DFL);
}

SignalThread::SignalThread(StopRequest& stop) : thread_([this, &stop] { watch(stop, done_); }) {}

SignalThread::~SignalThread() {
  done_ = true;
  pthread_kill(thread_.native_handle(), wake_signal);
  thread_.join();
}

}  // namespace darkroom::nodes
