#pragma once

#include <chrono>
#include <optional>

#include "jobs/timestamp.hpp"

namespace darkroom::jobs {

/// Tells when a process has been away for so long that it will not come back by itself. One that
/// has never been here is given all the time that it takes. Plain, not thread-safe.
class SilenceWatch {
 public:
  explicit SilenceWatch(std::chrono::milliseconds patience) : patience_(patience) {}

  /// Notes whether it is here. True where it has been away for as long as the patience lasts.
  [[nodiscard]] bool note(bool here, SteadyTime now);

  /// Nobody can tell whether it is here; what was noted before counts no more.
  void forget();

 private:
  std::chrono::milliseconds patience_;
  bool was_here_ = false;
  std::optional<SteadyTime> away_since_;
};

}  // namespace darkroom::jobs
