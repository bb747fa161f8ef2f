#pragma once

namespace darkroom::http {

class Gate;
class Router;

/// All routes of one server, and what they work with. Called from many threads at once.
class RouteSet {
 public:
  virtual ~RouteSet() = default;

  /// Adds every route. The router lives no longer than this object.
  virtual void add_to(Router& router) = 0;

  /// Who may come in; null: everybody. It lives as long as this object.
  [[nodiscard]] virtual const Gate* gate() const { return nullptr; }
};

}  // namespace darkroom::http
