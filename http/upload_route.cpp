#include "http/upload_route.hpp"

#include <string>

#include <httplib.h>

#include "http/job_view.hpp"
#include "http/responses.hpp"
#include "http/router.hpp"

namespace darkroom::http {

void UploadRoute::add_to(Router& router) const {
  router.add_with_body(
      "POST", "/v1/jobs", Scope::write,
      [this](const httplib::Request& request, httplib::Response& response, const std::string&,
             MessageBody& body) { post(request, response, body); },
      {.takes_upload = true, .logs_refusals = true});
}

void UploadRoute::post(const httplib::Request& request, httplib::Response& response,
                       MessageBody& body) const {
  const auto outcome = intake_.receive(request, body, {.source_url = true});
  if (!outcome) return answer_problem(response, outcome.error());
  const auto job = waits_.until_end(request, response, outcome->job);
  // It was made; that it was deleted since is for the client to find out.
  const jobs::Job& shown = job ? *job : outcome->job;
  const auto view = urls_.view();
  if (!view) return answer_problem(response, view.error());
  answer_json(response, outcome->replayed ? 200 : 201, job_view(shown, *view));
  response.set_header("Location", "/v1/jobs/" + outcome->job.id.to_string());
  if (outcome->replayed) response.set_header("Idempotency-Replayed", "true");
}

}  // namespace darkroom::http
