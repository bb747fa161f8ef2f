#pragma once

#include <chrono>
#include <optional>

#include "jobs/timestamp.hpp"

namespace darkroom::jobs {

/// Tells when a process has been away for so long that it will not come back by itself. Plain, not
/// thread-safe.
class SilenceWatch {
 public:
  struct Patience {
    std::chrono::milliseconds before{};  ///< With one that has not been here yet.
    std::chrono::milliseconds after{};   ///< With one that was here and went.
  };

  explicit SilenceWatch(Patience patience) : patience_(patience) {}

  /// Notes whether it is here. True where it has been away for as long as the patience lasts.
  /// `needed`: nobody else does its work, so there is no patience with one that was seen to go.
  [[nodiscard]] bool note(bool here, SteadyTime now, bool needed = false);

  /// Nobody can tell whether it is here: being away counts anew.
  void look_away();

  /// Another process is started in its place.
  void begin_anew();

 private:
  Patience patience_;
  bool was_here_ = false;
  bool is_here_ = false;
  bool went_ = false;  ///< It was seen to go, without a look away in between.
  std::optional<SteadyTime> away_since_;
};

}  // namespace darkroom::jobs
