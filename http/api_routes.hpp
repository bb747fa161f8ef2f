#pragma once

#include <memory>

#include "http/options.hpp"
#include "http/route_set.hpp"
#include "http/server.hpp"

namespace darkroom::http {

/// The routes for clients: docs/http-api.md. What `services` refers to must outlive them.
/// Throws std::invalid_argument where `dialects` cannot be read; the configuration is checked for
/// it before.
[[nodiscard]] std::unique_ptr<RouteSet> make_api_routes(const Options& options, Services services);

}  // namespace darkroom::http
