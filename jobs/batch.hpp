#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "jobs/job_id.hpp"
#include "jobs/timestamp.hpp"

namespace darkroom::jobs {

/// Several uploads that came together and are waited for together. Its jobs name it
/// (Job::batch); how they stand is counted from them.
struct Batch {
  JobId id;
  std::string tenant = {};  ///< As in Job.
  Timestamp created_at = {};
  Timestamp expires_at = {};                   ///< When the last of its jobs does.
  std::optional<Timestamp> completed_at = {};  ///< When the last of its jobs ended.
  std::uint32_t total = 0;                     ///< Jobs that it began with.
  std::string metadata = {};                   ///< As in Job.
  std::string callback_url = {};               ///< Who is told once; empty: nobody.

  friend bool operator==(const Batch&, const Batch&) = default;
};

}  // namespace darkroom::jobs
