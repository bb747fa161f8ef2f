#pragma once

namespace darkroom::http {

class Router;

/// All routes of one server, and what they work with. Called from many threads at once.
class RouteSet {
 public:
  virtual ~RouteSet() = default;

  /// Adds every route. The router lives no longer than this object.
  virtual void add_to(Router& router) = 0;
};

}  // namespace darkroom::http
