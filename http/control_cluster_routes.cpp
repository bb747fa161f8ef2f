#include "http/control_cluster_routes.hpp"

#include <string>

#include <httplib.h>

#include "http/cluster_view.hpp"
#include "http/problem_mapping.hpp"
#include "http/responses.hpp"
#include "http/router.hpp"
#include "json/json_writer.hpp"

namespace darkroom::http {
namespace {

void answer_workers(httplib::Response& response,
                    const tl::expected<actors::WorkerList, actors::ServiceError>& list) {
  if (!list) return answer_problem(response, to_problem(list.error()));
  json::JsonWriter json;
  write_workers(json, *list);
  answer_json(response, 200, json.finish() + "\n");
}

}  // namespace

void ControlClusterRoutes::add_to(Router& router) const {
  using httplib::Request;
  using httplib::Response;
  router.add(
      "GET", "/control/queues", Scope::open,
      [this](const Request&, Response& response, const std::string&) { list_queues(response); });
  router.add(
      "GET", "/control/workers", Scope::open,
      [this](const Request&, Response& response, const std::string&) { list_workers(response); });
  for (const bool paused : {true, false}) {
    router.add("POST", paused ? "/control/queues/pause" : "/control/queues/resume", Scope::open,
               [this, paused](const Request& request, Response& response, const std::string&) {
                 set_paused(request, response, paused);
               });
  }
  for (const bool drained : {true, false}) {
    router.add("POST", drained ? "/control/workers/drain" : "/control/workers/resume", Scope::open,
               [this, drained](const Request& request, Response& response, const std::string&) {
                 set_drained(request, response, drained);
               });
  }
}

void ControlClusterRoutes::list_queues(httplib::Response& response) const {
  const auto status = jobs_.status();
  if (!status) return answer_problem(response, to_problem(status.error()));
  json::JsonWriter json;
  write_queues(json, status->queues);
  json.member("slots", status->slots);
  answer_json(response, 200, json.finish() + "\n");
}

void ControlClusterRoutes::list_workers(httplib::Response& response) const {
  answer_workers(response, jobs_.workers());
}

void ControlClusterRoutes::set_paused(const httplib::Request& request, httplib::Response& response,
                                      bool paused) const {
  const std::string name = request.get_param_value("name");
  if (const auto done = jobs_.set_paused(name, paused); !done) {
    return answer_problem(response, to_problem(done.error()));
  }
  json::JsonWriter json;
  json.member("name", name);
  json.member("paused", paused);
  answer_json(response, 200, json.finish() + "\n");
}

void ControlClusterRoutes::set_drained(const httplib::Request& request, httplib::Response& response,
                                       bool drained) const {
  answer_workers(response, jobs_.set_drained(request.get_param_value("name"), drained));
}

}  // namespace darkroom::http
