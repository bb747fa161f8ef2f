#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include <tl/expected.hpp>

#include "actors/job_service.hpp"
#include "http/event_board.hpp"

namespace darkroom::http {

/// Follows one batch up to its completion, by the events of its jobs. Used by one thread.
class BatchWatch {
 public:
  /// Nothing is missed that happens after this.
  BatchWatch(EventBoard& board, EventBoard::Reader reader, actors::JobService& jobs,
             const jobs::JobId& id);

  /// The batch as it is now.
  [[nodiscard]] tl::expected<actors::BatchState, actors::ServiceError> look();

  /// Waits for an end of one of its jobs, for a quarter of a second at most; whether the batch is
  /// worth another look.
  [[nodiscard]] bool next();

 private:
  /// Whether something is heard that a look would show.
  [[nodiscard]] bool listen(std::chrono::steady_clock::time_point until);

  EventBoard& board_;
  EventBoard::Reader reader_;
  actors::JobService& jobs_;
  jobs::JobId id_;
  std::optional<std::uint64_t> position_;  ///< On the board; none: it is not known yet.
  bool must_look_ = true;
  std::chrono::steady_clock::time_point looked_at_;
};

}  // namespace darkroom::http
