#pragma once

#include <functional>
#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "actors/delivery_transport.hpp"
#include "http/job_view.hpp"
#include "http/problem.hpp"
#include "nodes/config.hpp"

namespace darkroom::nodes {

/// How addresses of files are written in what is sent now.
using CurrentView = std::function<tl::expected<http::ViewOptions, http::Problem>()>;

/// Sends webhooks and mail as configured; null where neither is. The error names a file that cannot
/// be read.
[[nodiscard]] tl::expected<std::shared_ptr<actors::DeliveryTransport>, std::string>
make_delivery_transport(const Config& config, CurrentView view);

}  // namespace darkroom::nodes
