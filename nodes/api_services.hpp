#pragma once

#include "actors/job_service.hpp"
#include "http/server.hpp"
#include "nodes/config.hpp"
#include "persistence/blob_store.hpp"
#include "persistence/client_url.hpp"

namespace darkroom::nodes {

/// What the HTTP API works with, by the configuration; each argument must outlive the server.
[[nodiscard]] http::Services api_services(const Config& config, actors::JobService& jobs,
                                          persistence::BlobStore& blobs,
                                          const persistence::ClientUrlKey& client_urls,
                                          http::StorageReader read_storage);

}  // namespace darkroom::nodes
