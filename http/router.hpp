#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "http/problem.hpp"
#include "http/request_context.hpp"

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

/// Writes a refusal as the clients of a route expect it.
using ProblemForm = void (*)(const httplib::Request&, httplib::Response&, const Problem&);

/// What else the server has to know of a route.
struct RouteTraits {
  ProblemForm form = nullptr;  ///< Null: RFC 9457, as answer_problem() does.
  bool takes_upload = false;   ///< Counts as an upload where their rate is limited.
  bool watches = false;        ///< For those who watch the service: never limited.
  bool logs_refusals = false;  ///< Does it itself.
  /// Has a file, whose address may be signed: then it is for anybody. Of GET alone.
  bool takes_signature = false;
};

/// Finds the handler by method and path. Our own, because the library matches each path against
/// regular expressions, whose recursion a long path can drive out of the stack.
class Router {
 public:
  /// `pattern` is a path that may have placeholders, each for a whole segment ("/v1/jobs/{id}",
  /// "/v1/jobs/{id}/retry", "/v1/jobs/{id}/files/{name}") or, as its end, for the rest of the path
  /// ("/files/{key...}").
  void add(std::string method, std::string_view pattern, Scope scope, RouteHandler handler,
           RouteTraits traits = {});
  void add_with_body(std::string method, std::string_view pattern, Scope scope, BodyHandler handler,
                     RouteTraits traits = {});

  struct Found {
    const BodyHandler* handler = nullptr;
    std::string argument;
    std::string_view pattern;
    Scope scope = Scope::admin;
    RouteTraits traits = {};
    std::size_t place = 0;  ///< In routes().
  };

  struct NotFound {
    Problem problem;
    ProblemForm form = nullptr;  ///< Of the routes of this path.
  };

  /// The first one added that fits. HEAD finds the handler of GET. The error is unknown_route, or
  /// method_not_allowed with its Allow header.
  [[nodiscard]] tl::expected<Found, NotFound> find(std::string_view method,
                                                   std::string_view path) const;

  /// The value of Allow for a path: "GET, HEAD, OPTIONS"; empty for an unknown one.
  [[nodiscard]] std::string allowed(std::string_view path) const;

  struct RouteName {
    std::string_view method;
    std::string_view pattern;
    Scope scope = Scope::admin;
  };

  /// Every route, in the order of their adding. The texts live as long as the router, if none is
  /// added.
  [[nodiscard]] std::vector<RouteName> routes() const;

 private:
  struct Route {
    std::string method;
    std::string pattern;
    /// What stands before, between and behind the placeholders, whose number is one less.
    std::vector<std::string> literals;
    bool takes_rest = false;  ///< The last placeholder is for the rest of the path.
    Scope scope;
    BodyHandler handler;
    RouteTraits traits;
  };

  /// What stands at the places of the placeholders; nullopt where the path is another one.
  [[nodiscard]] static std::optional<std::string> match(const Route& route, std::string_view path);

  std::vector<Route> routes_;
};

}  // namespace darkroom::http
