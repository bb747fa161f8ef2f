#pragma once

#include <string_view>

namespace darkroom::http {

class Router;

/// GET /: what this is and what it answers to. GET /problems/{code}: what a problem's type means.
void add_service_routes(Router& router, std::string_view version);

/// GET /problems/{code}, which explains an error, alone.
void add_problem_route(Router& router);

}  // namespace darkroom::http
