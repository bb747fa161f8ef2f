#pragma once

#include <string>

#include <tl/expected.hpp>

#include "actors/job_service.hpp"
#include "http/problem.hpp"
#include "http/request_context.hpp"

namespace darkroom::http {

/// The id of a batch as it stands in a path.
[[nodiscard]] tl::expected<jobs::JobId, Problem> read_batch_id(const std::string& text);

/// The batch of the caller whose id stands in a path.
[[nodiscard]] tl::expected<actors::BatchState, Problem> find_batch(actors::JobService& jobs,
                                                                   const Caller& caller,
                                                                   const std::string& id_text);

}  // namespace darkroom::http
