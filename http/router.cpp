#include "http/router.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "http/client_text.hpp"

namespace darkroom::http {

void Router::add(std::string method, std::string_view pattern, Scope scope, RouteHandler handler,
                 RouteTraits traits) {
  add_with_body(
      std::move(method), pattern, scope,
      [handler = std::move(handler)](const httplib::Request& request, httplib::Response& response,
                                     const std::string& argument,
                                     MessageBody&) { handler(request, response, argument); },
      traits);
}

void Router::add_with_body(std::string method, std::string_view pattern, Scope scope,
                           BodyHandler handler, RouteTraits traits) {
  Route route{.method = std::move(method),
              .pattern = std::string{pattern},
              .literals = {},
              .takes_rest = pattern.ends_with("...}"),
              .scope = scope,
              .handler = std::move(handler),
              .traits = traits};
  for (auto brace = pattern.find('{'); brace != std::string_view::npos; brace = pattern.find('{')) {
    route.literals.emplace_back(pattern.substr(0, brace));
    pattern.remove_prefix(pattern.find('}') + 1);
  }
  route.literals.emplace_back(pattern);
  routes_.push_back(std::move(route));
}

std::optional<std::string> Router::match(const Route& route, std::string_view path) {
  std::string arguments;
  const std::size_t placeholders = route.literals.size() - 1;
  for (std::size_t i = 0; i < placeholders; ++i) {
    if (!path.starts_with(route.literals[i])) return std::nullopt;
    path.remove_prefix(route.literals[i].size());
    const bool rest = route.takes_rest && i + 1 == placeholders;
    const std::string_view argument = rest ? path : path.substr(0, path.find('/'));
    if (argument.empty()) return std::nullopt;
    path.remove_prefix(argument.size());
    if (i > 0) arguments += '/';
    arguments += argument;
  }
  return path == route.literals.back() ? std::optional{std::move(arguments)} : std::nullopt;
}

tl::expected<Router::Found, Router::NotFound> Router::find(std::string_view method,
                                                           std::string_view path) const {
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  const auto route = std::find_if(routes_.begin(), routes_.end(), [&](const Route& candidate) {
    return candidate.method == wanted && match(candidate, path);
  });
  if (route != routes_.end()) {
    return Found{.handler = &route->handler,
                 .argument = *match(*route, path),
                 .pattern = route->pattern,
                 .scope = route->scope,
                 .traits = route->traits,
                 .place = static_cast<std::size_t>(route - routes_.begin())};
  }
  const auto other = std::ranges::find_if(
      routes_, [&](const Route& candidate) { return match(candidate, path).has_value(); });
  if (other == routes_.end()) {
    return tl::unexpected{NotFound{
        {ProblemCode::unknown_route,
         fmt::format("There is nothing at {}. GET / lists what there is.", quoted_text(path))}}};
  }
  const std::string methods = allowed(path);
  return tl::unexpected{NotFound{
      {ProblemCode::method_not_allowed,
       fmt::format("{} takes {}, not {}.", quoted_text(path), methods, quoted_text(method, 20)),
       {{"Allow", methods}}},
      other->traits.form}};
}

std::string Router::allowed(std::string_view path) const {
  // Several routes may have the path.
  std::vector<std::string_view> methods;
  for (const Route& route : routes_) {
    const bool known = std::ranges::find(methods, route.method) != methods.end();
    if (known || !match(route, path)) continue;
    methods.push_back(route.method);
    if (route.method == "GET") methods.emplace_back("HEAD");
  }
  if (methods.empty()) return {};
  return fmt::format("{}, OPTIONS", fmt::join(methods, ", "));
}

std::vector<Router::RouteName> Router::routes() const {
  std::vector<RouteName> names;
  for (const Route& route : routes_)
    names.push_back({route.method, route.pattern, route.scope});
  return names;
}

}  // namespace darkroom::http
