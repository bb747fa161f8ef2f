#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "jobs/timestamp.hpp"

namespace darkroom::jobs {

/// Tells when queues come into a state that wants somebody's attention and when they leave it, each
/// change once. What lasts shorter than the patience is not told: it passes by itself while workers
/// connect. Plain, not thread-safe.
class QueueWatch {
 public:
  explicit QueueWatch(std::chrono::milliseconds patience) : patience_(patience) {}

  struct Changes {
    std::vector<std::string> begun;
    std::vector<std::string> ended;  ///< Of those that were told of when they began.
  };

  /// `queues` are in that state now, all others are not.
  Changes note(const std::vector<std::string>& queues, SteadyTime now);

 private:
  struct Spell {
    SteadyTime since;
    bool told = false;
  };

  std::chrono::milliseconds patience_;
  std::map<std::string, Spell> spells_;  ///< By queue.
};

}  // namespace darkroom::jobs
