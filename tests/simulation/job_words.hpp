#pragma once

#include <optional>
#include <string>

#include "jobs/shared_job.hpp"

namespace darkroom::simulation {

/// A job's state and its latest attempt, for a line of the trace.
[[nodiscard]] std::string describe(const jobs::SharedJob& job);

}  // namespace darkroom::simulation
