#include "http/delivery_routes.hpp"

#include <fmt/format.h>
#include <httplib.h>
#include <spdlog/spdlog.h>

#include "http/client_text.hpp"
#include "http/delivery_view.hpp"
#include "http/job_answers.hpp"
#include "http/problem_mapping.hpp"
#include "http/request_context.hpp"
#include "http/responses.hpp"
#include "http/router.hpp"

namespace darkroom::http {
namespace {

DeliverySubject subject_of(const jobs::Job& job) {
  return {.id = job.id, .callback_url = job.callback_url, .email = job.email};
}

void hide_target(jobs::Delivery& delivery, const Caller& caller, const DeliverySubject& subject) {
  const auto& named =
      delivery.channel == jobs::delivery_channel::webhook ? subject.callback_url : subject.email;
  if (!caller.all_tenants && delivery.target != named) delivery.target = receiver_of(delivery);
}

}  // namespace

void DeliveryRoutes::add_to(Router& router) const {
  router.add("GET", "/v1/jobs/{id}/deliveries", Scope::read,
             [this](const httplib::Request& request, httplib::Response& response,
                    const std::string& id) { list(request, response, id); });
  router.add("POST", "/v1/jobs/{id}/deliveries/{delivery}/replay", Scope::write,
             [this](const httplib::Request& request, httplib::Response& response,
                    const std::string& ids) { replay(request, response, ids); });
}

void DeliveryRoutes::list(const httplib::Request& request, httplib::Response& response,
                          const std::string& id_text) const {
  const auto& caller = context_of(request).caller;
  const auto job = find_job(jobs_, caller, id_text);
  if (!job) return answer_problem(response, job.error());
  answer_deliveries(response, jobs_, caller, subject_of(*job));
}

void DeliveryRoutes::replay(const httplib::Request& request, httplib::Response& response,
                            const std::string& ids_text) const {
  const auto& caller = context_of(request).caller;
  const auto slash = ids_text.find('/');
  const auto job = find_job(jobs_, caller, ids_text.substr(0, slash));
  if (!job) return answer_problem(response, job.error());
  answer_replay(response, jobs_, caller, subject_of(*job), ids_text.substr(slash + 1));
}

void answer_deliveries(httplib::Response& response, actors::JobService& jobs, const Caller& caller,
                       const DeliverySubject& subject) {
  auto found = jobs.deliveries(subject.id);
  if (!found) return answer_problem(response, to_problem(found.error()));
  for (auto& delivery : *found)
    hide_target(delivery, caller, subject);
  answer_json(response, 200, deliveries_view(*found));
}

void answer_replay(httplib::Response& response, actors::JobService& jobs, const Caller& caller,
                   const DeliverySubject& subject, const std::string& id_text) {
  const auto id = jobs::JobId::parse(id_text);
  if (!id) {
    return answer_problem(
        response,
        {ProblemCode::unknown_delivery,
         fmt::format("{} is no id of a delivery; those there are stand in GET .../deliveries.",
                     quoted_text(id_text))});
  }
  auto again = jobs.replay(subject.id, *id);
  if (!again) return answer_problem(response, to_problem(again.error()));
  spdlog::info("delivery is sent again by its owner delivery={} job={}", id->to_string(),
               subject.id.to_string());
  hide_target(*again, caller, subject);
  answer_json(response, 202, delivery_view(*again));
}

}  // namespace darkroom::http
