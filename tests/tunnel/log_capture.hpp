#pragma once

#include <memory>
#include <string>

namespace spdlog {
class logger;
}  // namespace spdlog

namespace darkroom::tunnel::tests {

/// Keeps what is logged, in place of standard error, as long as it lives: "warning: ..." lines.
class LogCapture {
 public:
  LogCapture();
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;
  LogCapture(LogCapture&&) = delete;
  LogCapture& operator=(LogCapture&&) = delete;
  ~LogCapture();

  [[nodiscard]] std::string text() const;
  /// Waits until that text is logged; false where it is not.
  [[nodiscard]] bool wait_for(const std::string& text) const;

 private:
  struct Lines;
  std::shared_ptr<Lines> lines_;
  std::shared_ptr<spdlog::logger> before_;
};

}  // namespace darkroom::tunnel::tests
