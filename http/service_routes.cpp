#include "http/service_routes.hpp"

#include <span>
#include <string>

#include <fmt/format.h>
#include <httplib.h>

#include "http/client_text.hpp"
#include "http/problem.hpp"
#include "http/responses.hpp"
#include "http/router.hpp"
#include "json/json_writer.hpp"

namespace darkroom::http {
namespace {

std::string make_index(std::string_view version, const std::vector<DialectRoutes>& dialects) {
  json::JsonWriter json;
  json.member("service", "darkroom");
  json.member("version", version);
  json.object("links", [&] {
    json.member("create_job", "POST /v1/jobs");
    json.member("jobs", "GET /v1/jobs");
    json.member("delete_jobs", "DELETE /v1/jobs");
    json.member("retry_jobs", "POST /v1/jobs/retry");
    json.member("job", "GET /v1/jobs/{id}");
    json.member("delete_job", "DELETE /v1/jobs/{id}");
    json.member("cancel_job", "POST /v1/jobs/{id}/cancel");
    json.member("retry_job", "POST /v1/jobs/{id}/retry");
    json.member("job_events", "GET /v1/jobs/{id}/events");
    json.member("create_batch", "POST /v1/batches");
    json.member("batch", "GET /v1/batches/{id}");
    json.member("job_deliveries", "GET /v1/jobs/{id}/deliveries");
    json.member("replay_job_delivery", "POST /v1/jobs/{id}/deliveries/{delivery}/replay");
    json.member("batch_deliveries", "GET /v1/batches/{id}/deliveries");
    json.member("replay_batch_delivery", "POST /v1/batches/{id}/deliveries/{delivery}/replay");
    json.member("events", "GET /v1/events");
    json.member("file", "GET /files/{key}");
    json.member("job_file", "GET /v1/jobs/{id}/files/{name}");
    json.member("queues", "GET /v1/queues");
    json.member("workers", "GET /v1/workers");
    json.member("stats", "GET /v1/stats");
    json.member("health", "GET /healthz");
    json.member("readiness", "GET /readyz");
    json.member("metrics", "GET /metrics");
    json.member("problem", "GET /problems/{code}");
    json.member("openapi", "GET /openapi.json");
    json.member("docs", "GET /docs");
  });
  json.object("dialects", [&] {
    for (const DialectRoutes& dialect : dialects)
      json.texts(dialect.name, std::span{dialect.routes});
  });
  return json.finish() + "\n";
}

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

void add_service_routes(Router& router, std::string_view version,
                        const std::vector<DialectRoutes>& dialects) {
  router.add("GET", "/", Scope::open,
             [index = make_index(version, dialects)](
                 const httplib::Request&, httplib::Response& response, const std::string&) {
               answer_json(response, 200, index);
             });
  add_problem_route(router);
}

void add_problem_route(Router& router) {
  router.add("GET", "/problems/{code}", Scope::open, explain_problem);
}

}  // namespace darkroom::http
