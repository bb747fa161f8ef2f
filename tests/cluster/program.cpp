#include "tests/cluster/program.hpp"

#include <csignal>
#include <iostream>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace darkroom::cluster {
namespace {

std::vector<std::string> clean_environment() {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!std::string_view{*variable}.starts_with("DARKROOM_")) variables.emplace_back(*variable);
  }
  return variables;
}

std::vector<char*> null_terminated(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts)
    pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// Runs between fork and exec, where only async-signal-safe calls are allowed.
[[noreturn]] void become(char* const* arguments, char* const* environment, int output,
                         int name_space) {
  if (name_space >= 0 && setns(name_space, CLONE_NEWNET) != 0) _exit(126);
  // A test that is killed leaves no process behind: this one dies, and its workers with it.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  setpgid(0, 0);
  // Under nohup or in the background of a script, some of them are ignored, and exec keeps that.
  for (const int ignored : {SIGHUP, SIGINT, SIGQUIT, SIGPIPE})
    signal(ignored, SIG_DFL);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  execve(arguments[0], arguments, environment);
  _exit(127);
}

}  // namespace

Program::Program(const std::vector<std::string>& arguments, int name_space)
    : output_file_(folder_.path() / "output") {
  std::vector<std::string> words{DARKROOM_BINARY};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> variables = clean_environment();
  const std::vector<char*> word_pointers = null_terminated(words);
  const std::vector<char*> variable_pointers = null_terminated(variables);
  const int output =
      open(output_file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (output < 0) throw std::system_error(errno, std::generic_category(), "output file");
  pid_ = fork();
  if (pid_ == 0) become(word_pointers.data(), variable_pointers.data(), output, name_space);
  const int error = errno;
  close(output);
  if (pid_ < 0) throw std::system_error(error, std::generic_category(), "fork");
  // Again here, so that the group exists before anyone sends it a signal.
  setpgid(pid_, pid_);
}

Program::~Program() {
  if (!exit_code_) {
    const auto workers = children();
    send(SIGKILL);
    int status = 0;
    waitpid(pid_, &status, 0);
    for (const ProcessIdentity& worker : workers) {
      if (is_alive(worker)) kill(worker.pid, SIGKILL);
    }
  }
  if (::testing::Test::HasFailure())
    std::cerr << "output of process " << pid_ << ":\n" << output() << '\n';
}

void Program::send(int signal) const {
  if (!exit_code_) kill(pid_, signal);
}

void Program::send_to_group(int signal) const {
  if (!exit_code_) kill(-pid_, signal);
}

std::optional<int> Program::wait_for_exit(std::chrono::milliseconds timeout) {
  const auto reaped = [this] {
    if (exit_code_) return true;
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) != pid_) return false;
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return true;
  };
  return eventually(reaped, timeout) ? exit_code_ : std::nullopt;
}

bool Program::wait_for_output(const std::string& text, std::chrono::milliseconds timeout) const {
  return eventually([&] { return output().find(text) != std::string::npos; }, timeout);
}

}  // namespace darkroom::cluster
