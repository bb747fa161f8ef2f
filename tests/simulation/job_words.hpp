#pragma once

#include <optional>
#include <string>

#include "jobs/job.hpp"

namespace darkroom::simulation {

/// A job's state and its latest attempt, for a line of the trace.
[[nodiscard]] std::string describe(const std::optional<jobs::Job>& job);

}  // namespace darkroom::simulation
