#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

#include "jobs/timestamp.hpp"

namespace darkroom::jobs {

/// Decides how many slots a worker node keeps: more while work waits, fewer once it has not needed
/// them for some time. Plain, not thread-safe.
class Autoscaler {
 public:
  struct Bounds {
    std::uint32_t min = 1;  ///< May be 0: then the node idles without any process.
    std::uint32_t max = 1;
  };

  /// A slot goes when all of them were not needed at once for this long.
  Autoscaler(Bounds bounds, std::chrono::milliseconds calm)
      : bounds_(bounds), calm_(calm), slots_(bounds.min) {}

  struct Load {
    std::uint64_t waiting = 0;  ///< Jobs that might run here now.
    std::uint64_t running = 0;  ///< Jobs that do.
  };

  /// Takes in what there is to do now, and returns how many slots there are to be from now on. It
  /// grows at once, to what the load calls for but at most to twice as many, because other nodes
  /// see the same jobs wait. It shrinks to the most that were needed at any time within `calm`.
  std::uint32_t note(Load load, SteadyTime now);

  [[nodiscard]] std::uint32_t slots() const { return slots_; }

 private:
  Bounds bounds_;
  std::chrono::milliseconds calm_;
  std::uint32_t slots_;
  struct Need {
    SteadyTime at;
    std::uint32_t slots = 0;
  };
  /// What was needed within `calm_`; of those that a later one is not below of, only that one.
  std::deque<Need> needs_;
  std::optional<SteadyTime> steady_since_;  ///< It has not grown since.
};

}  // namespace darkroom::jobs
