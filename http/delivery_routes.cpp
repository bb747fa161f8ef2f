#include "http/delivery_routes.hpp"

#include <utility>

#include <fmt/format.h>
#include <httplib.h>
#include <spdlog/spdlog.h>

#include "http/batch_answers.hpp"
#include "http/client_text.hpp"
#include "http/delivery_view.hpp"
#include "http/job_answers.hpp"
#include "http/problem_mapping.hpp"
#include "http/responses.hpp"
#include "http/router.hpp"

namespace darkroom::http {

void DeliveryRoutes::add_to(Router& router) const {
  add_to(router, Of::job, "/v1/jobs/{id}/deliveries");
  add_to(router, Of::batch, "/v1/batches/{id}/deliveries");
}

void DeliveryRoutes::add_to(Router& router, Of kind, std::string_view path) const {
  router.add("GET", path, Scope::read,
             [this, kind](const httplib::Request& request, httplib::Response& response,
                          const std::string& id) { list(request, response, kind, id); });
  router.add("POST", std::string{path} + "/{delivery}/replay", Scope::write,
             [this, kind](const httplib::Request& request, httplib::Response& response,
                          const std::string& ids) { replay(request, response, kind, ids); });
}

tl::expected<DeliveryRoutes::Subject, Problem> DeliveryRoutes::find(
    Of kind, const Caller& caller, const std::string& id_text) const {
  if (kind == Of::batch) {
    auto batch = find_batch(jobs_, caller, id_text);
    if (!batch) return tl::unexpected{std::move(batch.error())};
    return Subject{.id = batch->batch.id, .callback_url = std::move(batch->batch.callback_url)};
  }
  auto job = find_job(jobs_, caller, id_text);
  if (!job) return tl::unexpected{std::move(job.error())};
  return Subject{
      .id = job->id, .callback_url = std::move(job->callback_url), .email = std::move(job->email)};
}

void DeliveryRoutes::hide_target(jobs::Delivery& delivery, const Caller& caller,
                                 const Subject& subject) {
  const auto& named =
      delivery.channel == jobs::delivery_channel::webhook ? subject.callback_url : subject.email;
  if (caller.all_tenants || delivery.target == named) return;
  delivery.target = receiver_of(delivery);
  // What was said on the way names hosts of the operator's.
  for (auto& attempt : delivery.tries) {
    if (!attempt.error.empty()) attempt.error = "It could not be delivered.";
  }
}

void DeliveryRoutes::list(const httplib::Request& request, httplib::Response& response, Of kind,
                          const std::string& id_text) const {
  const auto& caller = context_of(request).caller;
  const auto subject = find(kind, caller, id_text);
  if (!subject) return answer_problem(response, subject.error());
  auto found = jobs_.deliveries(subject->id);
  if (!found) return answer_problem(response, to_problem(found.error()));
  for (auto& delivery : *found)
    hide_target(delivery, caller, *subject);
  answer_json(response, 200, deliveries_view(*found));
}

void DeliveryRoutes::replay(const httplib::Request& request, httplib::Response& response, Of kind,
                            const std::string& ids_text) const {
  const auto& caller = context_of(request).caller;
  const auto slash = ids_text.find('/');
  const auto subject = find(kind, caller, ids_text.substr(0, slash));
  if (!subject) return answer_problem(response, subject.error());
  const auto id_text = ids_text.substr(slash + 1);
  const auto id = jobs::JobId::parse(id_text);
  if (!id) {
    return answer_problem(
        response,
        {ProblemCode::unknown_delivery,
         fmt::format("{} is no id of a delivery; those there are stand in GET .../deliveries.",
                     quoted_text(id_text))});
  }
  auto again = jobs_.replay(subject->id, *id);
  if (!again) return answer_problem(response, to_problem(again.error()));
  spdlog::info("delivery is sent again by its owner delivery={} subject={}", id->to_string(),
               subject->id.to_string());
  hide_target(*again, caller, *subject);
  answer_json(response, 202, delivery_view(*again));
}

}  // namespace darkroom::http
