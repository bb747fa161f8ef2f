#pragma once

#include <string>

#include "jobs/job.hpp"

namespace darkroom::http {

/// The job as the native API shows it, one line of JSON.
[[nodiscard]] std::string job_view(const jobs::Job& job);

}  // namespace darkroom::http
