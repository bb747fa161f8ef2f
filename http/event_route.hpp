#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "actors/job_service.hpp"
#include "http/event_board.hpp"
#include "http/file_urls.hpp"
#include "http/key_ring.hpp"
#include "http/problem.hpp"

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace darkroom::http {

class Router;

/// GET /v1/jobs/{id}/events: what happens to one job, up to its end. GET /v1/events: what happens
/// to all, or to those of a queue, a batch or a status, for as long as the client listens, or up to
/// the completion of the batch. Both as Server-Sent Events (WHATWG HTML, section 9.2), whose ids
/// are revisions of jobs, so a client that was cut off goes on where it was.
class EventRoute {
 public:
  /// All must outlive this object. `max_replay`: see EventReplay.
  EventRoute(EventBoard& board, actors::JobService& jobs, const FileUrls& urls, KeyRing& ring,
             std::size_t max_replay)
      : board_(board), jobs_(jobs), urls_(urls), ring_(ring), max_replay_(max_replay) {}

  void add_to(Router& router) const;

 private:
  void of_job(const httplib::Request& request, httplib::Response& response,
              const std::string& id) const;
  void of_all(const httplib::Request& request, httplib::Response& response) const;
  /// The event, with the whole job where it is the last one.
  [[nodiscard]] std::string show(const actors::JobEvent& event) const;

  EventBoard& board_;
  actors::JobService& jobs_;
  const FileUrls& urls_;
  KeyRing& ring_;
  std::size_t max_replay_;
  mutable std::timed_mutex replays_;  ///< Held by who reads what has ended.
};

}  // namespace darkroom::http
