#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "actors/job_service.hpp"
#include "http/event_board.hpp"

namespace darkroom::http {

/// What one client is told in the place of events that its node does not have: those that the
/// registry remembers, and before them how the jobs stand that have ended since. So far back only
/// the jobs themselves tell, which takes reading each of them. So those of one node take turns,
/// page by page, and each client is told of so many at most that ended before it came. What has
/// ended since is told whatever comes.
class EventReplay {
 public:
  /// Both must outlive this object.
  EventReplay(actors::JobService& jobs, std::timed_mutex& turns, std::uint64_t came_at,
              std::size_t most)
      : jobs_(jobs), turns_(turns), came_at_(came_at), left_(most) {}

  enum class Outcome : std::uint8_t {
    told,     ///< `news` has what was missed, or some of it.
    waiting,  ///< For its turn: `news` has nothing.
    gap,      ///< What was missed up to `news.upto` will not be told.
    failed,   ///< The jobs cannot be read.
  };

  /// Puts what can be told of what is behind `since` in the place of what `news` has missed. Waits
  /// for its turn for so long at most.
  [[nodiscard]] Outcome fill(std::uint64_t since, EventBoard::News& news,
                             std::chrono::milliseconds patience);

 private:
  /// Up to where nothing remembers what is behind `since`.
  [[nodiscard]] std::uint64_t end_of_missed(std::uint64_t since, std::uint64_t base) const;

  actors::JobService& jobs_;
  std::timed_mutex& turns_;
  std::uint64_t came_at_;
  std::size_t left_;                   ///< So many more that ended before.
  std::uint64_t remembered_from_ = 0;  ///< The registry remembers nothing before, as it said last.
};

}  // namespace darkroom::http
