#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include <tl/expected.hpp>

#include "actors/job_service.hpp"
#include "http/event_board.hpp"

namespace darkroom::http {

/// Follows one job: what happens to it is seen here, where events do not come also by asking for
/// the job now and then. Used by one thread.
class JobWatch {
 public:
  /// Nothing is missed that happens after this.
  JobWatch(EventBoard& board, EventBoard::Reader reader, actors::JobService& jobs,
           const jobs::JobId& id);

  /// The job as it is now. Events up to that one are not told any more.
  [[nodiscard]] tl::expected<jobs::Job, actors::ServiceError> look();

  /// What has happened since, by revision; waits for something, for a quarter of a second at most.
  [[nodiscard]] std::vector<actors::JobEvent> next();

  /// Events up to this revision are not told.
  void skip_to(std::uint64_t revision) { seen_ = std::max(seen_, revision); }

 private:
  [[nodiscard]] std::vector<actors::JobEvent> ask();

  EventBoard& board_;
  EventBoard::Reader reader_;
  actors::JobService& jobs_;
  jobs::JobId id_;
  std::uint64_t seen_ = 0;                 ///< Of the job.
  std::optional<std::uint64_t> position_;  ///< On the board; none: it is not known yet.
  bool must_look_;                         ///< Something may have happened that no event will tell.
  std::chrono::steady_clock::time_point asked_at_;
};

/// Waits until the job has ended or was deleted, until `deadline`, or until `gives_up` says so, and
/// hands it out as it is then.
[[nodiscard]] tl::expected<jobs::Job, actors::ServiceError> wait_for_end(
    JobWatch& watch, jobs::Job job, std::chrono::steady_clock::time_point deadline,
    const std::function<bool()>& gives_up);

}  // namespace darkroom::http
