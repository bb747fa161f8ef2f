#pragma once

#include <string>

#include "actors/job_service.hpp"

namespace darkroom::http {

class Router;

/// GET /metrics: how the service stands, in the text format of Prometheus (version 0.0.4). Its
/// names are part of the API; docs/http-api.md lists them.
class MetricsRoute {
 public:
  explicit MetricsRoute(actors::JobService& jobs) : jobs_(jobs) {}

  void add_to(Router& router) const;

 private:
  actors::JobService& jobs_;
};

/// What GET /metrics answers with. `now` is for ages.
[[nodiscard]] std::string metrics_text(const actors::ServiceStatus& status, jobs::Timestamp now);

}  // namespace darkroom::http
