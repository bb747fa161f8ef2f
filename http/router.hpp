#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "http/problem.hpp"

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace darkroom::http {

class MessageBody;

/// Answers a request; the argument is what stood in the path at the place of the pattern's {name}.
using RouteHandler =
    std::function<void(const httplib::Request&, httplib::Response&, const std::string& argument)>;

/// The same for a route that reads the body. What it leaves of it ends the connection.
using BodyHandler = std::function<void(const httplib::Request&, httplib::Response&,
                                       const std::string& argument, MessageBody& body)>;

/// Finds the handler by method and path. Our own, because the library matches each path against
/// regular expressions, whose recursion a long path can drive out of the stack.
class Router {
 public:
  /// `pattern` is a path that may have one placeholder: "/v1/jobs/{id}" and "/v1/jobs/{id}/retry"
  /// for a segment, "/files/{key...}" for the rest of the path.
  void add(std::string method, std::string_view pattern, RouteHandler handler);
  void add_with_body(std::string method, std::string_view pattern, BodyHandler handler);

  struct Found {
    const BodyHandler* handler = nullptr;
    std::string argument;
  };

  /// HEAD finds the handler of GET. The error is unknown_route, or method_not_allowed with its
  /// Allow header.
  [[nodiscard]] tl::expected<Found, Problem> find(std::string_view method,
                                                  std::string_view path) const;

  /// The value of Allow for a path: "GET, HEAD, OPTIONS"; empty for an unknown one.
  [[nodiscard]] std::string allowed(std::string_view path) const;

 private:
  enum class Placeholder { none, segment, rest };

  struct Route {
    std::string method;
    std::string prefix;
    std::string suffix;  ///< Behind a segment.
    Placeholder placeholder = Placeholder::none;
    BodyHandler handler;
  };

  /// What stands at the place of the placeholder; nullopt where the path is another one.
  [[nodiscard]] static std::optional<std::string_view> match(const Route& route,
                                                             std::string_view path);

  std::vector<Route> routes_;
};

}  // namespace darkroom::http
