#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "jobs/lease.hpp"

namespace darkroom::jobs {

/// Shares memory out among the tasks of one worker, first come, first served: a large task is not
/// overtaken by small ones, which could keep it waiting for ever.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::uint64_t bytes) : bytes_(bytes) {}

  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  [[nodiscard]] std::uint64_t in_use() const { return in_use_; }

  /// Whether so much can be had at all, once nothing else runs.
  [[nodiscard]] bool can_ever_grant(std::uint64_t bytes) const { return bytes <= bytes_; }

  /// Puts a task at the end of the queue; see can_ever_grant.
  void ask(const LeaseToken& task, std::uint64_t bytes);

  /// The task needs its memory no longer, whether it has it or waits for it.
  void release(const LeaseToken& task);

  /// Takes those from the head of the queue that fit now; their memory is theirs until released.
  [[nodiscard]] std::vector<LeaseToken> grant();

 private:
  struct Share {
    LeaseToken task;
    std::uint64_t bytes = 0;
  };

  std::uint64_t bytes_;
  std::uint64_t in_use_ = 0;
  std::vector<Share> granted_;
  std::deque<Share> waiting_;
};

}  // namespace darkroom::jobs
