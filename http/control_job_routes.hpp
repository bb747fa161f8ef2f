#pragma once

#include <chrono>

#include "actors/job_service.hpp"

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace darkroom::http {

class Router;

/// The routes of the control socket by which operators deal with jobs; see control_routes.hpp.
class ControlJobRoutes {
 public:
  /// How long one round of the janitor may take. It goes on where it takes longer.
  static constexpr std::chrono::minutes sweep_timeout{30};

  explicit ControlJobRoutes(actors::JobService& jobs) : jobs_(jobs) {}

  void add_to(Router& router) const;

 private:
  void retry_failed(const httplib::Request& request, httplib::Response& response) const;
  void run_janitor(httplib::Response& response) const;

  actors::JobService& jobs_;
};

}  // namespace darkroom::http
