#pragma once

#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "actors/job_event.hpp"
#include "http/problem.hpp"

namespace httplib {
struct Request;
}

namespace darkroom::http {

/// Which events a client wants of those of all jobs.
struct EventFilter {
  std::optional<std::string> queue = {};
  std::optional<jobs::JobId> batch = {};
  std::optional<jobs::JobStatus> status = {};

  [[nodiscard]] bool wants(const actors::JobEvent& event) const;
};

/// Reads `queue`, `batch` and `status` from the address.
[[nodiscard]] tl::expected<EventFilter, Problem> read_event_filter(const httplib::Request& request);

/// The event behind which the client wants to go on, by the field Last-Event-ID or the parameter
/// `last_event_id`; none where it begins.
[[nodiscard]] tl::expected<std::optional<std::uint64_t>, Problem> read_last_event_id(
    const httplib::Request& request);

}  // namespace darkroom::http
