#pragma once

#include <memory>
#include <string_view>

#include "actors/job_service.hpp"
#include "http/node_facts.hpp"
#include "http/route_set.hpp"
#include "persistence/blob_store.hpp"

namespace darkroom::http {

/// The routes of a coordinator, which has no clients of its own: liveness, readiness, metrics. Each
/// argument must outlive the server.
[[nodiscard]] std::unique_ptr<RouteSet> make_operator_routes(actors::JobService& jobs,
                                                             persistence::BlobStore& blobs,
                                                             std::string_view version,
                                                             StorageReader read_storage = {});

}  // namespace darkroom::http
