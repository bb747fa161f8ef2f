#include "http/batch_route.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <httplib.h>

#include "http/batch_answers.hpp"
#include "http/batch_view.hpp"
#include "http/problem_mapping.hpp"
#include "http/request_context.hpp"
#include "http/responses.hpp"
#include "http/router.hpp"

namespace darkroom::http {

void BatchRoute::add_to(Router& router) const {
  router.add_with_body(
      "POST", "/v1/batches", Scope::write,
      [this](const httplib::Request& request, httplib::Response& response, const std::string&,
             MessageBody& body) { post(request, response, body); },
      {.takes_upload = true, .logs_refusals = true});
  router.add("GET", "/v1/batches/{id}", Scope::read,
             [this](const httplib::Request& request, httplib::Response& response,
                    const std::string& id) { get(request, response, id); });
}

void BatchRoute::post(const httplib::Request& request, httplib::Response& response,
                      MessageBody& body) const {
  auto created = intake_.receive_batch(request, body);
  if (!created) return answer_problem(response, created.error());
  auto state = actors::state_of(created->batch, created->jobs);
  if (created->replayed) {
    // Its answer may have left out jobs that there are.
    state = service_.batch(created->batch.id).value_or(std::move(state));
    created->jobs = jobs_now(*created);
  }
  const auto waited = waits_.until_end(request, response, state);
  // It was made; what became of it since is for the client to find out.
  const auto& shown = waited ? *waited : state;
  if (shown != state) created->jobs = jobs_now(*created);
  const auto view = urls_.view();
  if (!view) return answer_problem(response, view.error());
  answer_json(response, created->replayed ? 200 : 201,
              batch_object(shown, created->jobs, *view) + "\n");
  response.set_header("Location", "/v1/batches/" + created->batch.id.to_string());
  if (created->replayed) response.set_header("Idempotency-Replayed", "true");
}

std::vector<jobs::Job> BatchRoute::jobs_now(const actors::CreatedBatch& created) const {
  std::vector<jobs::Job> jobs;
  actors::JobQuery query{.filter = {.tenant = created.batch.tenant, .batch = created.batch.id},
                         .limit = actors::most_listed};
  do {
    auto page = service_.find(query);
    if (!page) return created.jobs;
    std::ranges::move(page->jobs, std::back_inserter(jobs));
    query.before = page->next;
  } while (query.before);
  std::ranges::reverse(jobs);
  return jobs;
}

void BatchRoute::get(const httplib::Request& request, httplib::Response& response,
                     const std::string& id) const {
  auto found = find_batch(service_, context_of(request).caller, id);
  if (!found) return answer_problem(response, found.error());
  const auto state = waits_.until_end(request, response, std::move(*found));
  if (!state) return answer_problem(response, to_problem(state.error()));
  answer_json(response, 200, batch_object(*state) + "\n");
}

}  // namespace darkroom::http
