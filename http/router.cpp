#include "http/router.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "http/client_text.hpp"

namespace darkroom::http {

void Router::add(std::string method, std::string_view pattern, RouteHandler handler) {
  add_with_body(
      std::move(method), pattern,
      [handler = std::move(handler)](const httplib::Request& request, httplib::Response& response,
                                     const std::string& argument,
                                     MessageBody&) { handler(request, response, argument); });
}

void Router::add_with_body(std::string method, std::string_view pattern, BodyHandler handler) {
  Route route{std::move(method), std::string{pattern}, "", Placeholder::none, std::move(handler)};
  if (const auto brace = pattern.find('{'); brace != std::string_view::npos) {
    route.placeholder = pattern.ends_with("...}") ? Placeholder::rest : Placeholder::segment;
    route.prefix = pattern.substr(0, brace);
    route.suffix = pattern.substr(pattern.find('}') + 1);
  }
  routes_.push_back(std::move(route));
}

std::optional<std::string_view> Router::match(const Route& route, std::string_view path) {
  if (!path.starts_with(route.prefix)) return std::nullopt;
  std::string_view argument = path.substr(route.prefix.size());
  if (route.placeholder == Placeholder::none) {
    return argument.empty() ? std::optional{argument} : std::nullopt;
  }
  if (!argument.ends_with(route.suffix)) return std::nullopt;
  argument.remove_suffix(route.suffix.size());
  if (argument.empty()) return std::nullopt;
  const bool one_segment = argument.find('/') == std::string_view::npos;
  return route.placeholder == Placeholder::rest || one_segment ? std::optional{argument}
                                                               : std::nullopt;
}

tl::expected<Router::Found, Problem> Router::find(std::string_view method,
                                                  std::string_view path) const {
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  const auto route = std::find_if(routes_.begin(), routes_.end(), [&](const Route& candidate) {
    return candidate.method == wanted && match(candidate, path);
  });
  if (route != routes_.end()) {
    return Found{&route->handler, std::string{*match(*route, path)}};
  }
  std::string methods = allowed(path);
  if (methods.empty()) {
    return tl::unexpected{Problem{
        ProblemCode::unknown_route,
        fmt::format("There is nothing at {}. GET / lists what there is.", quoted_text(path))}};
  }
  return tl::unexpected{Problem{
      ProblemCode::method_not_allowed,
      fmt::format("{} takes {}, not {}.", quoted_text(path), methods, quoted_text(method, 20)),
      {{"Allow", methods}}}};
}

std::string Router::allowed(std::string_view path) const {
  std::string methods;
  for (const Route& route : routes_) {
    if (!match(route, path)) continue;
    methods += route.method == "GET" ? "GET, HEAD, " : route.method + ", ";
  }
  return methods.empty() ? methods : methods + "OPTIONS";
}

}  // namespace darkroom::http
