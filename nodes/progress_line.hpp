#pragma once

#include <chrono>
#include <functional>
#include <iosfwd>
#include <string>

namespace darkroom::nodes {

/// Shows how far something long has come: on a terminal in one line that is written over twice a
/// second, elsewhere by a line every ten seconds.
class ProgressLine {
 public:
  ProgressLine(std::ostream& out, bool terminal) : out_(out), terminal_(terminal) {}
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ProgressLine(ProgressLine&&) = delete;
  ProgressLine& operator=(ProgressLine&&) = delete;
  /// Clears the line on a terminal.
  ~ProgressLine();

  /// Called as often as one likes; `text` only when it is time.
  void show(const std::function<std::string()>& text);

 private:
  std::ostream& out_;
  bool terminal_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point latest_ = std::chrono::steady_clock::now();
};

/// Whether standard error is a terminal.
[[nodiscard]] bool errors_go_to_a_terminal();

/// "17 bytes", "3.2 MiB".
[[nodiscard]] std::string readable_bytes(std::uint64_t bytes);

/// "0.04 s"
[[nodiscard]] std::string readable_seconds(std::chrono::milliseconds duration);

}  // namespace darkroom::nodes
