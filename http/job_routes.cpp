#include "http/job_routes.hpp"

#include <utility>

#include <httplib.h>
#include <spdlog/spdlog.h>

#include "http/client_address.hpp"
#include "http/job_answers.hpp"
#include "http/problem_mapping.hpp"
#include "http/request_context.hpp"
#include "http/responses.hpp"
#include "http/router.hpp"

namespace darkroom::http {

void JobRoutes::add_to(Router& router) const {
  router.add("GET", "/v1/jobs/{id}", Scope::read,
             [this](const httplib::Request& request, httplib::Response& response,
                    const std::string& id) { get(request, response, id); });
  router.add("DELETE", "/v1/jobs/{id}", Scope::write,
             [this](const httplib::Request& request, httplib::Response& response,
                    const std::string& id) { remove(request, response, id); });
  router.add("POST", "/v1/jobs/{id}/cancel", Scope::write,
             [this](const httplib::Request& request, httplib::Response& response,
                    const std::string& id) { cancel(request, response, id); });
  router.add("POST", "/v1/jobs/{id}/retry", Scope::write,
             [this](const httplib::Request& request, httplib::Response& response,
                    const std::string& id) { retry(request, response, id); });
}

void JobRoutes::get(const httplib::Request& request, httplib::Response& response,
                    const std::string& id_text) const {
  const auto id = read_job_id(id_text);
  if (!id) return answer_problem(response, id.error());
  auto job = jobs_.get(context_of(request).caller, *id);
  if (job) job = waits_.until_end(request, response, std::move(*job));
  answer_job(response, job, urls_);
}

void JobRoutes::cancel(const httplib::Request& request, httplib::Response& response,
                       const std::string& id_text) const {
  const auto id = read_job_id(id_text);
  if (!id) return answer_problem(response, id.error());
  answer_job(response, jobs_.cancel(context_of(request).caller, *id), urls_);
}

void JobRoutes::retry(const httplib::Request& request, httplib::Response& response,
                      const std::string& id_text) const {
  const auto id = read_job_id(id_text);
  if (!id) return answer_problem(response, id.error());
  answer_job(response, jobs_.retry(context_of(request).caller, *id), urls_);
}

void JobRoutes::remove(const httplib::Request& request, httplib::Response& response,
                       const std::string& id_text) const {
  const auto id = read_job_id(id_text);
  if (!id) return answer_problem(response, id.error());
  const auto job = jobs_.remove(context_of(request).caller, *id);
  if (!job) return answer_problem(response, to_problem(job.error()));
  // The job is gone durably, so this is a success even where a blob resists: the janitor removes
  // blobs that belong to no job.
  for (const std::string& key : blob_keys(*job)) {
    if (const auto removed = blobs_.remove(key); !removed) {
      spdlog::warn("job deleted, but not its blob {}: {} job={}", key, removed.error().message,
                   id->to_string());
    }
  }
  spdlog::info("job deleted by its client job={}{}", id->to_string(), pairs_of(request));
  response.status = 204;
}

}  // namespace darkroom::http
