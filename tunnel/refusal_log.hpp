#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace darkroom::tunnel {

/// Logs who was refused and why, without being drowned by a flood of them: a line for each address
/// now and then, and in all no more than some. What was held back is told as a number.
class RefusalLog {
 public:
  using Time = std::chrono::steady_clock::time_point;

  static constexpr std::chrono::seconds interval{10};
  static constexpr std::uint32_t lines_per_interval = 10;

  void refused(const std::string& address, std::string_view why, Time now);

 private:
  [[nodiscard]] bool may_pass(const std::string& address, Time now);

  std::map<std::string, Time, std::less<>> lines_;  ///< Of this interval.
  Time began_{};
  std::uint64_t held_back_ = 0;
};

}  // namespace darkroom::tunnel
