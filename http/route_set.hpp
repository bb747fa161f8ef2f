#pragma once

#include <string_view>

namespace httplib {
class ContentReader;
struct Request;
struct Response;
}  // namespace httplib

namespace darkroom::http {

class Router;

/// All routes of one server, and what they work with. Called from many threads at once.
class RouteSet {
 public:
  virtual ~RouteSet() = default;

  /// Adds every route. The router lives no longer than this object.
  virtual void add_to(Router& router) = 0;

  /// The one path whose POST reads a body; empty where there is none. Its route has an empty
  /// handler, see Router::add().
  [[nodiscard]] virtual std::string_view body_path() const { return {}; }

  /// Answers a POST to body_path().
  virtual void post_body(const httplib::Request& /*request*/, httplib::Response& /*response*/,
                         const httplib::ContentReader& /*reader*/) {}
};

}  // namespace darkroom::http
