#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "actors/job_event.hpp"

namespace darkroom::actors {

/// So many take some 6 MB.
inline constexpr std::size_t events_remembered = 65'536;

/// The latest events, in memory: what is older is found in the jobs themselves. Those of a commit
/// are packed into one block, because so many small objects that live for long would spread what
/// the registry allocates meanwhile over all of its heap. Not thread-safe.
class EventLog {
 public:
  /// Remembers `most` events, and what belongs to the same commit as the oldest of them. What
  /// happened up to `begin` it knows nothing of.
  EventLog(std::size_t most, std::uint64_t begin) : most_(most), base_(begin), latest_(begin) {}

  /// Takes what a commit has changed. No event may be older than one taken before.
  void add(std::vector<JobEvent> events);

  /// At most `query.limit` of them; none at once where there are none.
  [[nodiscard]] JobEvents behind(const EventQuery& query) const;

  /// The revision of the latest event.
  [[nodiscard]] std::uint64_t latest() const { return latest_; }

 private:
  /// The events of one commit.
  struct Block {
    std::uint64_t last = 0;  ///< The highest revision.
    std::size_t events = 0;
    std::string packed;
  };

  std::size_t most_;
  std::uint64_t base_;  ///< All events behind this revision are in `blocks_`.
  std::uint64_t latest_;
  std::size_t events_ = 0;  ///< In all blocks.
  std::deque<Block> blocks_;
};

}  // namespace darkroom::actors
