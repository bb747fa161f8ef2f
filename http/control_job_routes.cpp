#include "http/control_job_routes.hpp"

#include <cstdint>
#include <string>

#include <httplib.h>
#include <spdlog/spdlog.h>

#include "http/job_answers.hpp"
#include "http/problem_mapping.hpp"
#include "http/responses.hpp"
#include "http/router.hpp"
#include "json/json_writer.hpp"

namespace darkroom::http {
namespace {

/// Of one request: so many share a synced write, and clients' requests come between.
constexpr std::uint32_t retries_at_once = 1'000;

using Change =
    tl::expected<jobs::Job, actors::ServiceError> (actors::JobService::*)(const jobs::JobId&);

RouteHandler handler_of(actors::JobService& jobs, Change change) {
  return [&jobs, change](const httplib::Request&, httplib::Response& response,
                         const std::string& text) {
    const auto id = read_job_id(text);
    if (!id) return answer_problem(response, id.error());
    answer_job(response, (jobs.*change)(*id));
  };
}

}  // namespace

void ControlJobRoutes::add_to(Router& router) const {
  router.add("POST", "/control/jobs/{id}/retry", Scope::open,
             handler_of(jobs_, &actors::JobService::retry));
  router.add("POST", "/control/jobs/{id}/cancel", Scope::open,
             handler_of(jobs_, &actors::JobService::cancel));
  router.add("POST", "/control/jobs/retry-failed", Scope::open,
             [this](const httplib::Request& request, httplib::Response& response,
                    const std::string&) { retry_failed(request, response); });
  router.add("POST", "/control/janitor/run", Scope::open,
             [this](const httplib::Request&, httplib::Response& response, const std::string&) {
               run_janitor(response);
             });
}

void ControlJobRoutes::retry_failed(const httplib::Request& request,
                                    httplib::Response& response) const {
  jobs::JobId after;
  if (const std::string text = request.get_param_value("after"); !text.empty()) {
    const auto id = read_job_id(text);
    if (!id) return answer_problem(response, id.error());
    after = *id;
  }
  const auto retried = jobs_.retry_failed(after, retries_at_once);
  if (!retried) return answer_problem(response, to_problem(retried.error()));
  json::JsonWriter json;
  json.member("sent", retried->sent);
  json.member("last", retried->last ? std::optional{retried->last->to_string()} : std::nullopt);
  answer_json(response, 200, json.finish() + "\n");
}

void ControlJobRoutes::run_janitor(httplib::Response& response) const {
  spdlog::info("janitor runs for an operator");
  const auto report = jobs_.sweep(sweep_timeout);
  if (!report) return answer_problem(response, to_problem(report.error()));
  json::JsonWriter json;
  json.member("expired_jobs", report->expired_jobs);
  json.member("removed_files", report->removed_blobs);
  json.member("orphaned_files", report->orphaned_blobs);
  json.member("stale_temporaries", report->stale_temporaries);
  json.member("errors", report->errors);
  answer_json(response, 200, json.finish() + "\n");
}

}  // namespace darkroom::http
