#pragma once

#include <memory>

namespace darkroom::http {

class Gate;
class Router;
class Traffic;

/// All routes of one server, and what they work with. Called from many threads at once.
class RouteSet {
 public:
  virtual ~RouteSet() = default;

  /// Adds every route. The router lives no longer than this object.
  virtual void add_to(Router& router) = 0;

  /// Who may come in; null: everybody. It lives as long as this object.
  [[nodiscard]] virtual const Gate* gate() const { return nullptr; }

  /// Where the server counts what goes through it; null: nobody wants to know.
  [[nodiscard]] virtual std::shared_ptr<Traffic> traffic() const { return nullptr; }
};

}  // namespace darkroom::http
