#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "actors/job_event.hpp"

namespace darkroom::actors {

/// So many take some 20 MB.
inline constexpr std::size_t events_remembered = 65'536;

/// The latest events, in memory: what is older is found in the jobs themselves. Not thread-safe.
class EventLog {
 public:
  /// Remembers `most` events. What happened up to `begin` it knows nothing of.
  EventLog(std::size_t most, std::uint64_t begin) : most_(most), base_(begin), latest_(begin) {}

  /// Takes what a commit has changed. No event may be older than one taken before.
  void add(std::vector<JobEvent> events);

  /// At most `query.limit` of them; none at once where there are none.
  [[nodiscard]] JobEvents behind(const EventQuery& query) const;

  /// The revision of the latest event.
  [[nodiscard]] std::uint64_t latest() const { return latest_; }

 private:
  std::size_t most_;
  std::uint64_t base_;  ///< All events behind this revision are in `events_`.
  std::uint64_t latest_;
  std::deque<JobEvent> events_;
};

}  // namespace darkroom::actors
