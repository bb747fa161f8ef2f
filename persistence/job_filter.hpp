#pragma once

#include <optional>
#include <string>

#include "jobs/job.hpp"
#include "jobs/timestamp.hpp"

namespace darkroom::persistence {

/// Which jobs are wanted: those that are as every member says that is there.
struct JobFilter {
  std::optional<std::string> tenant = {};  ///< Empty text: those of nobody; none: those of all.
  std::optional<std::string> queue = {};
  std::optional<std::string> preset = {};
  std::optional<std::string> filename = {};
  std::optional<std::string> public_name = {};
  std::optional<jobs::JobStatus> status = {};
  std::optional<jobs::JobId> batch = {};
  std::optional<jobs::Timestamp> created_from = {};    ///< Then or later.
  std::optional<jobs::Timestamp> created_before = {};  ///< Earlier than that.
  /// They have not expired by then. Set by whoever answers a client, for whom an expired job is
  /// gone; it does not travel.
  std::optional<jobs::Timestamp> alive_at = {};

  friend bool operator==(const JobFilter&, const JobFilter&) = default;
};

[[nodiscard]] bool matches(const JobFilter& filter, const jobs::Job& job);

}  // namespace darkroom::persistence
