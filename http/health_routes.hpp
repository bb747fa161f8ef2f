#pragma once

#include "actors/job_service.hpp"

namespace httplib {
struct Response;
}  // namespace httplib

namespace darkroom::http {

class Router;

/// GET /healthz: the process answers. GET /readyz: it can take and work on jobs, which means that
/// the store is writable and a worker is there; 503 otherwise, with the reason.
class HealthRoutes {
 public:
  explicit HealthRoutes(actors::JobService& jobs) : jobs_(jobs) {}

  void add_to(Router& router) const;

 private:
  void ready(httplib::Response& response) const;

  actors::JobService& jobs_;
};

}  // namespace darkroom::http
