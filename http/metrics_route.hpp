#pragma once

#include <string>

#include <tl/expected.hpp>

#include "actors/job_service.hpp"
#include "http/node_facts.hpp"

namespace darkroom::http {

class Router;

/// What the job service has said when it was asked for its metrics.
struct ServiceReport {
  tl::expected<actors::ServiceStatus, actors::ServiceError> status;
  tl::expected<actors::WorkerList, actors::ServiceError> workers;
};

/// GET /metrics: how the service stands, in the text format of Prometheus (version 0.0.4). Its
/// names are part of the API; docs/http-api.md lists them.
class MetricsRoute {
 public:
  /// Both must outlive the route.
  MetricsRoute(actors::JobService& jobs, const NodeFacts& node) : jobs_(jobs), node_(node) {}

  void add_to(Router& router) const;

 private:
  actors::JobService& jobs_;
  const NodeFacts& node_;
};

/// What GET /metrics answers with. Where the job service does not answer, what the node knows
/// itself is there all the same. `now` is for ages.
[[nodiscard]] std::string metrics_text(const ServiceReport& report, const NodeFacts& node,
                                       jobs::Timestamp now);

}  // namespace darkroom::http
