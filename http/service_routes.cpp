#include "http/service_routes.hpp"

#include <string>

#include <fmt/format.h>
#include <httplib.h>

#include "http/client_text.hpp"
#include "http/problem.hpp"
#include "http/responses.hpp"
#include "http/router.hpp"

namespace darkroom::http {
namespace {

constexpr auto index_json =
    R"({"service":"darkroom","version":")" DARKROOM_VERSION
    R"(","links":{"create_job":"POST /v1/jobs","job":"GET /v1/jobs/{id}",)"
    R"("delete_job":"DELETE /v1/jobs/{id}","file":"GET /files/{key}","health":"GET /healthz",)"
    R"("readiness":"GET /readyz","problem":"GET /problems/{code}"}})"
    "\n";

void explain_problem(const httplib::Request& /*request*/, httplib::Response& response,
                     const std::string& slug) {
  const auto code = find_problem(slug);
  if (!code) {
    return answer_problem(response, {ProblemCode::unknown_route,
                                     fmt::format("There is no problem {}.", quoted_text(slug))});
  }
  const ProblemKind& kind = kind_of(*code);
  response.status = 200;
  response.set_content(
      fmt::format("{}: {}\nHTTP status {}\n\n{}\n{}\n", kind.name, kind.title, kind.status,
                  kind.explanation,
                  kind.retryable() ? "Sending the same request again later may succeed."
                                   : "Sending the same request again will not help."),
      "text/plain; charset=utf-8");
}

}  // namespace

void add_service_routes(Router& router) {
  router.add("GET", "/",
             [](const httplib::Request&, httplib::Response& response, const std::string&) {
               answer_json(response, 200, index_json);
             });
  router.add("GET", "/problems/{code}", explain_problem);
}

}  // namespace darkroom::http
