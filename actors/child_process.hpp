#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <sys/types.h>
#include <tl/expected.hpp>

namespace darkroom::actors {

/// How a process ended.
struct ProcessExit {
  bool clean = false;       ///< Exit code 0.
  std::string description;  ///< "exit code 1", "signal 9 (Killed)".
};

/// One child process: started here, watched by a thread of its own, and never left behind. It runs
/// in a process group of its own, so that Ctrl-C in a terminal reaches the parent alone.
/// Thread-safe.
class ChildProcess {
 public:
  using OnExit = std::function<void(const ProcessExit&)>;

  /// Starts the program at the path `program`; `arguments` begin with the name it goes by.
  /// `on_exit` is called once, on the watching thread, which is also the thread that starts the
  /// process: a child that asked the kernel for a signal at its parent's death (PR_SET_PDEATHSIG)
  /// gets it when that thread ends, not before. The error says what the system said.
  [[nodiscard]] static tl::expected<std::unique_ptr<ChildProcess>, std::string> start(
      const std::string& program, std::vector<std::string> arguments, OnExit on_exit);

  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Kills the process if it still runs, and waits for it.
  ~ChildProcess();

  [[nodiscard]] pid_t pid() const { return pid_; }

  /// Sends a signal, unless the process has ended.
  void signal(int number);

 private:
  ChildProcess() = default;

  void watch(const OnExit& on_exit);

  pid_t pid_ = -1;
  std::mutex mutex_;
  bool ended_ = false;  ///< Guarded by mutex_: from then on the pid may be someone else's.
  std::thread watcher_;
};

}  // namespace darkroom::actors
