#include "actors/child_process.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <future>
#include <utility>

#include <spawn.h>
#include <sys/wait.h>

namespace darkroom::actors {
namespace {

/// posix_spawn attributes, released with the object.
class SpawnAttributes {
 public:
  SpawnAttributes() { posix_spawnattr_init(&attributes_); }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
  ~SpawnAttributes() { posix_spawnattr_destroy(&attributes_); }

  posix_spawnattr_t* get() { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

/// Starts the process with no signal blocked or ignored, leading a process group of its own.
int spawn(const std::string& program, std::vector<std::string>& arguments, pid_t& pid) {
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (auto& argument : arguments)
    argv.push_back(argument.data());
  argv.push_back(nullptr);

  SpawnAttributes attributes;
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(attributes.get(), &none);
  posix_spawnattr_setsigdefault(attributes.get(), &all);
  posix_spawnattr_setpgroup(attributes.get(), 0);
  posix_spawnattr_setflags(attributes.get(),
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  return posix_spawn(&pid, program.c_str(), nullptr, attributes.get(), argv.data(), environ);
}

ProcessExit describe(const siginfo_t& info) {
  if (info.si_code == CLD_EXITED) {
    return {.clean = info.si_status == 0,
            .description = "exit code " + std::to_string(info.si_status)};
  }
  return {.clean = false,
          .description =
              "signal " + std::to_string(info.si_status) + " (" + strsignal(info.si_status) + ")"};
}

}  // namespace

tl::expected<std::unique_ptr<ChildProcess>, std::string> ChildProcess::start(
    const std::string& program, std::vector<std::string> arguments, OnExit on_exit) {
  std::unique_ptr<ChildProcess> process{new ChildProcess};
  std::promise<int> started;
  auto error = started.get_future();
  process->watcher_ = std::thread{[started = std::move(started), child = process.get(),
                                   on_exit = std::move(on_exit), program, arguments]() mutable {
    const int failed = spawn(program, arguments, child->pid_);
    started.set_value(failed);
    if (failed == 0) child->watch(on_exit);
  }};
  if (const int failed = error.get(); failed != 0) {
    process->ended_ = true;
    return tl::unexpected("cannot start " + program + ": " + std::strerror(failed));
  }
  return process;
}

ChildProcess::~ChildProcess() {
  signal(SIGKILL);
  if (watcher_.joinable()) watcher_.join();
}

void ChildProcess::signal(int number) {
  const std::scoped_lock lock{mutex_};
  if (!ended_ && pid_ > 0) ::kill(pid_, number);
}

void ChildProcess::watch(const OnExit& on_exit) {
  siginfo_t info{};
  // First wait without reaping, so that the pid stays ours until nobody can signal it any more.
  while (waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
  }
  {
    const std::scoped_lock lock{mutex_};
    ended_ = true;
    while (waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED) != 0 && errno == EINTR) {
    }
  }
  on_exit(describe(info));
}

}  // namespace darkroom::actors
