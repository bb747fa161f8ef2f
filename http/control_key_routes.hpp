#pragma once

#include <functional>

#include <tl/expected.hpp>

#include "actors/job_service.hpp"
#include "http/problem.hpp"
#include "jobs/timestamp.hpp"

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace darkroom::http {

class Router;

/// The routes of the control socket by which operators make and revoke API keys; see
/// control_routes.hpp. A key itself is in the answer to its making, and nowhere else.
class ControlKeyRoutes {
 public:
  explicit ControlKeyRoutes(actors::JobService& jobs, jobs::WallClock clock = jobs::system_now)
      : jobs_(jobs), clock_(std::move(clock)) {}

  void add_to(Router& router) const;

 private:
  /// Changes the keys, or refuses to; may be asked several times, each with what there is by then.
  using Change = std::function<tl::expected<void, Problem>(persistence::ApiKeys& keys)>;

  void list(httplib::Response& response) const;
  void create(const httplib::Request& request, httplib::Response& response) const;
  void revoke(const httplib::Request& request, httplib::Response& response) const;
  [[nodiscard]] tl::expected<void, Problem> change(const Change& change) const;

  actors::JobService& jobs_;
  jobs::WallClock clock_;
};

}  // namespace darkroom::http
