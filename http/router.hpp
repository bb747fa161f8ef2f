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

/// Answers a request; the argument is what stood in the path at the place of the pattern's {name},
/// or of both of them, with a slash between: "42/original".
using RouteHandler =
    std::function<void(const httplib::Request&, httplib::Response&, const std::string& argument)>;

/// The same for a route that reads the body. What it leaves of it ends the connection.
using BodyHandler = std::function<void(const httplib::Request&, httplib::Response&,
                                       const std::string& argument, MessageBody& body)>;

/// Finds the handler by method and path. Our own, because the library matches each path against
/// regular expressions, whose recursion a long path can drive out of the stack.
class Router {
 public:
  /// `pattern` is a path that may have placeholders, each for a whole segment ("/v1/jobs/{id}",
  /// "/v1/jobs/{id}/retry", "/v1/jobs/{id}/files/{name}") or, as its end, for the rest of the path
  /// ("/files/{key...}").
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
  struct Route {
    std::string method;
    /// What stands before, between and behind the placeholders, whose number is one less.
    std::vector<std::string> literals;
    bool takes_rest = false;  ///< The last placeholder is for the rest of the path.
    BodyHandler handler;
  };

  /// What stands at the places of the placeholders; nullopt where the path is another one.
  [[nodiscard]] static std::optional<std::string> match(const Route& route, std::string_view path);

  std::vector<Route> routes_;
};

}  // namespace darkroom::http
