#pragma once

#include <chrono>
#include <string>

#include "jobs/timestamp.hpp"

namespace darkroom::actors {

/// What keeps a worker's own machine from doing jobs, such as a full disk, and for how long the
/// worker takes none for that: 1 s at first, then twice as long after each job that fails for it,
/// up to a minute. Takes the time as an argument.
class Ailment {
 public:
  static constexpr std::chrono::milliseconds first_pause{1'000};
  static constexpr std::chrono::milliseconds longest_pause{60'000};

  /// A job could not be done for `what`. True where a pause begins with it: one that was running
  /// beside another does not make the pause longer.
  bool strike(std::string what, jobs::SteadyTime now);

  /// A job could be done. True where that is news.
  bool pass();

  /// Empty: none that is known of.
  [[nodiscard]] const std::string& what() const { return what_; }
  /// How long the latest pause is in all.
  [[nodiscard]] std::chrono::milliseconds pause() const { return pause_; }
  [[nodiscard]] bool pauses(jobs::SteadyTime now) const { return now < until_; }
  /// When the latest pause is over.
  [[nodiscard]] jobs::SteadyTime until() const { return until_; }

 private:
  std::string what_;
  std::chrono::milliseconds pause_{0};
  jobs::SteadyTime until_ = jobs::SteadyTime::min();
};

}  // namespace darkroom::actors
