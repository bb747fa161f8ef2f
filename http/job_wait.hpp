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

/// Holds an answer back until the job has ended, where the client prefers that (`Prefer: wait=N`)
/// and the service has room for one more that waits.
class JobWait {
 public:
  /// Both must outlive this object.
  JobWait(const Options& options, EventBoard& board, actors::JobService& jobs)
      : longest_(std::chrono::duration_cast<std::chrono::seconds>(options.max_wait)),
        board_(board),
        jobs_(jobs) {}

  /// The job as it is when it has ended, or when nobody would wait any longer, and notes that in
  /// the answer. `job` itself where there is no wish to wait.
  [[nodiscard]] tl::expected<jobs::Job, actors::ServiceError> until_end(
      const httplib::Request& request, httplib::Response& response, jobs::Job job) const;

 private:
  std::chrono::seconds longest_;
  EventBoard& board_;
  actors::JobService& jobs_;
};

}  // namespace darkroom::http
