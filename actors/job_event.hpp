#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "jobs/job.hpp"
#include "persistence/job_store.hpp"

namespace darkroom::actors {

/// A change of a job, durable: what somebody who watches it is told.
struct JobEvent {
  std::uint64_t revision = 0;  ///< Of the change; a later event has a higher one.
  jobs::JobId id;
  std::optional<jobs::JobId> batch = {};
  std::string tenant = {};
  std::string queue = {};
  jobs::JobStatus status = jobs::JobStatus::pending;
  bool created = false;  ///< This is the job's first one.
  bool deleted = false;
  /// Names of the renditions that this change has added.
  std::vector<std::string> renditions = {};
  std::uint32_t done = 0;  ///< Renditions that are there.
  std::uint32_t total = 0;
  std::uint32_t attempt = 0;  ///< The latest one's number; 0: none has begun.
  std::string error_message = {};
  jobs::Timestamp at;

  friend bool operator==(const JobEvent&, const JobEvent&) = default;
};

/// What the change is to those who watch. Of one that they cannot tell from nothing: none.
[[nodiscard]] std::optional<JobEvent> event_of(const persistence::JobChange& change);

/// What is known of a job that has ended, as the event of its end.
[[nodiscard]] JobEvent event_of_end(const jobs::Job& job);

/// The events behind `since`, the oldest first.
struct EventQuery {
  /// Stands for the latest event there is: nothing is behind it yet.
  static constexpr std::uint64_t now = std::numeric_limits<std::uint64_t>::max();

  std::uint64_t since = now;
  std::uint32_t limit = 500;  ///< At most so many, from 1 to `most_events`.
  std::uint32_t hold_ms = 0;  ///< Without any the answer may be held back so long for the next one.
};

/// In one message.
inline constexpr std::uint32_t most_events = 1'000;

/// All that happened behind `since` up to `upto`.
struct JobEvents {
  std::vector<JobEvent> events;  ///< By revision.
  /// That of the query, or a later one where so far back nothing is known any more.
  std::uint64_t since = 0;
  std::uint64_t upto = 0;
};

}  // namespace darkroom::actors
