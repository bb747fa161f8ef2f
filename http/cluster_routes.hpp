#pragma once

#include "actors/job_service.hpp"
#include "http/node_facts.hpp"

namespace httplib {
struct Response;
}  // namespace httplib

namespace darkroom::http {

class Router;

/// GET /v1/queues, /v1/workers and /v1/stats, for operators: docs/http-api.md.
class ClusterRoutes {
 public:
  /// Both must outlive the routes.
  ClusterRoutes(actors::JobService& jobs, const NodeFacts& node) : jobs_(jobs), node_(node) {}

  void add_to(Router& router) const;

 private:
  void list_queues(httplib::Response& response) const;
  void list_workers(httplib::Response& response) const;
  void tell_stats(httplib::Response& response) const;

  actors::JobService& jobs_;
  const NodeFacts& node_;
};

}  // namespace darkroom::http
