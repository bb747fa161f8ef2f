#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace darkroom::http {

class Router;

/// The routes of another service's that this one answers to, "POST /jobs/".
struct DialectRoutes {
  std::string name;
  std::vector<std::string> routes;
};

/// GET /: what this is and what it answers to. GET /problems/{code}: what a problem's type means.
void add_service_routes(Router& router, std::string_view version,
                        const std::vector<DialectRoutes>& dialects = {});

/// GET /problems/{code}, which explains an error, alone.
void add_problem_route(Router& router);

}  // namespace darkroom::http
