#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>
#include <tl/expected.hpp>

namespace darkroom::tools {

/// A program that a benchmark starts beside itself: in a process group of its own, without the
/// settings of Darkroom in the environment, and gone when this object is, or the benchmark.
class ChildProgram {
 public:
  /// `arguments` begin with the path of the program. All that it prints goes to the file `output`.
  /// To be called on a thread that lives as long as the program is to: the kernel ends it with that
  /// thread.
  [[nodiscard]] static tl::expected<std::unique_ptr<ChildProgram>, std::string> start(
      std::vector<std::string> arguments, const std::filesystem::path& output);

  ChildProgram(const ChildProgram&) = delete;
  ChildProgram& operator=(const ChildProgram&) = delete;
  ChildProgram(ChildProgram&&) = delete;
  ChildProgram& operator=(ChildProgram&&) = delete;
  /// Asks it to stop (SIGTERM), waits for a while, and kills it.
  ~ChildProgram();

  [[nodiscard]] pid_t pid() const { return pid_; }
  /// What it has printed so far.
  [[nodiscard]] std::string printed() const;
  [[nodiscard]] bool is_running();

  /// Waits until the program has ended by itself. False when the time is over.
  [[nodiscard]] bool wait(std::chrono::milliseconds timeout);
  /// Sends SIGTERM and waits. False when the time is over.
  bool stop(std::chrono::milliseconds timeout);
  /// Meaningful once it has ended: exit code 0.
  [[nodiscard]] bool ended_well() const { return ended_well_; }

 private:
  ChildProgram(pid_t pid, std::filesystem::path output) : pid_(pid), output_(std::move(output)) {}

  pid_t pid_;
  std::filesystem::path output_;
  bool ended_ = false;
  bool ended_well_ = false;
};

/// The program of that name of this very build, which lies in the same folder as this one.
[[nodiscard]] std::filesystem::path program_beside(const std::string& name);

}  // namespace darkroom::tools
