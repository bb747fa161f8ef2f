#pragma once

#include "jobs/job.hpp"

namespace darkroom::persistence {

/// `milliseconds` after 2026-01-01.
[[nodiscard]] jobs::Timestamp at(std::int64_t milliseconds);

/// A pending job with a new id in `queue`, to run at at(run_at) and to expire at at(86400000).
[[nodiscard]] jobs::Job pending_job(std::int64_t run_at = 0, std::string queue = "default");

/// A rendition with every option set, also such as do not go together.
[[nodiscard]] jobs::RenditionSpec full_spec();

/// A job under way with every member set, optional ones included.
[[nodiscard]] jobs::Job full_job();

/// `job` in another state.
[[nodiscard]] jobs::Job with_status(jobs::Job job, jobs::JobStatus status);

}  // namespace darkroom::persistence
