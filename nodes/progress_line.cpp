#include "nodes/progress_line.hpp"

#include <array>
#include <cstdint>
#include <ostream>

#include <fmt/format.h>
#include <unistd.h>

namespace darkroom::nodes {
namespace {

constexpr std::chrono::milliseconds on_a_terminal{500};
constexpr std::chrono::milliseconds elsewhere{10'000};

/// ECMA-48: to the start of the line, and erase it.
constexpr const char* clear_line = "\r\x1b[K";

}  // namespace

ProgressLine::~ProgressLine() {
  if (terminal_ && shown_) out_ << clear_line << std::flush;
}

void ProgressLine::show(const std::function<std::string()>& text) {
  const auto now = std::chrono::steady_clock::now();
  if (now - latest_ < (terminal_ ? on_a_terminal : elsewhere)) return;
  latest_ = now;
  shown_ = true;
  if (terminal_) {
    out_ << clear_line << text() << std::flush;
  } else {
    out_ << text() << std::endl;
  }
}

bool errors_go_to_a_terminal() {
  return ::isatty(STDERR_FILENO) == 1;
}

std::string readable_bytes(std::uint64_t bytes) {
  constexpr std::array<const char*, 4> units{"KiB", "MiB", "GiB", "TiB"};
  constexpr double step = 1024;
  if (bytes < static_cast<std::uint64_t>(step)) return fmt::format("{} bytes", bytes);
  double value = static_cast<double>(bytes) / step;
  std::size_t unit = 0;
  while (value >= step && unit + 1 < units.size()) {
    value /= step;
    ++unit;
  }
  return fmt::format("{:.1f} {}", value, units.at(unit));
}

std::string readable_seconds(std::chrono::milliseconds duration) {
  return fmt::format("{:.2f} s", std::chrono::duration<double>(duration).count());
}

}  // namespace darkroom::nodes
