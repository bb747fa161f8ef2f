#pragma once

#include <chrono>

#include <tl/expected.hpp>

#include "actors/job_service.hpp"
#include "http/event_board.hpp"
#include "http/options.hpp"

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace darkroom::http {

/// As JobWait, for the completion of a batch.
class BatchWait {
 public:
  /// Both must outlive this object.
  BatchWait(const Options& options, EventBoard& board, actors::JobService& jobs)
      : longest_(std::chrono::duration_cast<std::chrono::seconds>(options.max_wait)),
        board_(board),
        jobs_(jobs) {}

  /// The batch as it is when it is completed, or when nobody would wait any longer, and notes that
  /// in the answer. `state` itself where there is no wish to wait.
  [[nodiscard]] tl::expected<actors::BatchState, actors::ServiceError> until_end(
      const httplib::Request& request, httplib::Response& response, actors::BatchState state) const;

 private:
  std::chrono::seconds longest_;
  EventBoard& board_;
  actors::JobService& jobs_;
};

}  // namespace darkroom::http
