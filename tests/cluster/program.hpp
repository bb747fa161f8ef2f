#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "tests/cluster/eventually.hpp"
#include "tests/cluster/process_table.hpp"
#include "tests/files/content_of.hpp"
#include "tests/files/temporary_folder.hpp"

namespace darkroom::cluster {

/// One run of the darkroom program, in a process group of its own and with no DARKROOM_ variable in
/// its environment. When this object goes, the process and its children are gone too.
class Program {
 public:
  /// `arguments` without the program's name. Throws std::runtime_error if it cannot be started.
  /// `name_space`: of the network that it is to be on, as for setns(2); -1: on that of the caller.
  explicit Program(const std::vector<std::string>& arguments, int name_space = -1);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] std::vector<ProcessIdentity> children() const { return children_of(pid_); }

  void send(int signal) const;
  /// As a terminal does on Ctrl-C.
  void send_to_group(int signal) const;

  /// The exit code, or 128 + the signal that ended the process as a shell reports it; none if it
  /// still runs after `timeout`.
  [[nodiscard]] std::optional<int> wait_for_exit(std::chrono::milliseconds timeout = patience);

  /// All that it and its children have written to standard output and standard error.
  [[nodiscard]] std::string output() const { return tests::content_of(output_file_); }
  /// False if `text` is not in the output within the timeout.
  [[nodiscard]] bool wait_for_output(const std::string& text,
                                     std::chrono::milliseconds timeout = patience) const;

 private:
  tests::TemporaryFolder folder_;
  std::filesystem::path output_file_;
  pid_t pid_ = 0;
  std::optional<int> exit_code_;
};

}  // namespace darkroom::cluster
