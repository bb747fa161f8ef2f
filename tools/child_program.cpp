#include "tools/child_program.hpp"

#include <cerrno>
#include <csignal>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace darkroom::tools {
namespace {

/// What a person has exported for a service of their own must not change what is measured.
std::vector<std::string> plain_environment() {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!std::string_view{*variable}.starts_with("DARKROOM_")) variables.emplace_back(*variable);
  }
  return variables;
}

std::vector<char*> null_terminated(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts)
    pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// Runs between fork and exec, where only async-signal-safe calls are allowed.
[[noreturn]] void become(char* const* arguments, char* const* environment, int output) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  setpgid(0, 0);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  execve(arguments[0], arguments, environment);
  _exit(127);
}

}  // namespace

tl::expected<std::unique_ptr<ChildProgram>, std::string> ChildProgram::start(
    std::vector<std::string> arguments, const std::filesystem::path& output) {
  const auto failed = [&](const std::string& what) {
    return tl::unexpected("cannot start " + arguments.front() + ": " + what + ": " +
                          std::generic_category().message(errno));
  };
  if (::access(arguments.front().c_str(), X_OK) != 0) return failed("it cannot be run");
  const int file = ::open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) return failed(output.string());
  auto variables = plain_environment();
  const auto words = null_terminated(arguments);
  const auto environment = null_terminated(variables);
  const pid_t pid = ::fork();
  if (pid == 0) become(words.data(), environment.data(), file);
  const int error = errno;
  ::close(file);
  errno = error;
  if (pid < 0) return failed("fork");
  return std::unique_ptr<ChildProgram>{new ChildProgram{pid, output}};
}

ChildProgram::~ChildProgram() {
  constexpr std::chrono::seconds patience{15};
  if (stop(patience)) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

std::string ChildProgram::printed() const {
  std::ifstream file(output_, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool ChildProgram::is_running() {
  if (ended_) return false;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return true;
  ended_ = true;
  ended_well_ = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  return false;
}

bool ChildProgram::wait(std::chrono::milliseconds timeout) {
  constexpr std::chrono::milliseconds look{5};
  const auto end = std::chrono::steady_clock::now() + timeout;
  while (is_running()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(look);
  }
  return true;
}

bool ChildProgram::stop(std::chrono::milliseconds timeout) {
  if (is_running()) ::kill(pid_, SIGTERM);
  return wait(timeout);
}

std::filesystem::path program_beside(const std::string& name) {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
}

}  // namespace darkroom::tools
