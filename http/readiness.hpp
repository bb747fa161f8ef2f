#pragma once

#include <string>

#include <tl/expected.hpp>

#include "actors/job_service.hpp"

namespace darkroom::http {

/// Why the service cannot take and work on jobs, in a sentence for whoever asks; empty where it
/// can.
[[nodiscard]] std::string reason_against_readiness(
    const tl::expected<actors::ServiceStatus, actors::ServiceError>& status);

}  // namespace darkroom::http
