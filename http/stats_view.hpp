#pragma once

#include <string>

#include "actors/job_service.hpp"
#include "http/node_facts.hpp"

namespace darkroom::http {

/// The body of GET /v1/stats: what /metrics has in figures for people and scripts.
[[nodiscard]] std::string stats_json(const actors::ServiceStatus& status,
                                     const actors::WorkerList& workers, const NodeFacts& node);

}  // namespace darkroom::http
