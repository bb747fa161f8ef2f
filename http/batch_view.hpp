#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "actors/batch_state.hpp"
#include "http/job_view.hpp"
#include "jobs/job.hpp"

namespace darkroom::http {

/// The batch as JSON without a line break.
[[nodiscard]] std::string batch_object(const actors::BatchState& state);

/// The same with its jobs.
[[nodiscard]] std::string batch_object(const actors::BatchState& state,
                                       const std::vector<jobs::Job>& jobs,
                                       const ViewOptions& options);

/// Its end as Server-Sent Events have it; `revision` is that of the latest event before.
[[nodiscard]] std::string batch_event_view(const actors::BatchState& state, std::uint64_t revision);

}  // namespace darkroom::http
