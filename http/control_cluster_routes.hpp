#pragma once

#include "actors/job_service.hpp"

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace darkroom::http {

class Router;

/// The routes of the control socket by which operators deal with queues and workers; see
/// control_routes.hpp.
class ControlClusterRoutes {
 public:
  explicit ControlClusterRoutes(actors::JobService& jobs) : jobs_(jobs) {}

  void add_to(Router& router) const;

 private:
  void list_queues(httplib::Response& response) const;
  void list_workers(httplib::Response& response) const;
  void set_paused(const httplib::Request& request, httplib::Response& response, bool paused) const;
  void set_drained(const httplib::Request& request, httplib::Response& response,
                   bool drained) const;

  actors::JobService& jobs_;
};

}  // namespace darkroom::http
