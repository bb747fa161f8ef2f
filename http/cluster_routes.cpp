#include "http/cluster_routes.hpp"

#include <httplib.h>

#include "http/cluster_view.hpp"
#include "http/problem_mapping.hpp"
#include "http/responses.hpp"
#include "http/router.hpp"
#include "http/stats_view.hpp"
#include "json/json_writer.hpp"

namespace darkroom::http {

void ClusterRoutes::add_to(Router& router) const {
  using httplib::Request;
  using httplib::Response;
  router.add(
      "GET", "/v1/queues", Scope::admin,
      [this](const Request&, Response& response, const std::string&) { list_queues(response); });
  router.add(
      "GET", "/v1/workers", Scope::admin,
      [this](const Request&, Response& response, const std::string&) { list_workers(response); });
  router.add(
      "GET", "/v1/stats", Scope::admin,
      [this](const Request&, Response& response, const std::string&) { tell_stats(response); });
}

void ClusterRoutes::list_queues(httplib::Response& response) const {
  const auto status = jobs_.status();
  if (!status) return answer_problem(response, to_problem(status.error()));
  json::JsonWriter json;
  write_queues(json, status->queues);
  answer_json(response, 200, json.finish() + "\n");
}

void ClusterRoutes::list_workers(httplib::Response& response) const {
  const auto list = jobs_.workers();
  if (!list) return answer_problem(response, to_problem(list.error()));
  json::JsonWriter json;
  write_workers(json, *list);
  answer_json(response, 200, json.finish() + "\n");
}

void ClusterRoutes::tell_stats(httplib::Response& response) const {
  const auto status = jobs_.status();
  if (!status) return answer_problem(response, to_problem(status.error()));
  const auto list = jobs_.workers();
  if (!list) return answer_problem(response, to_problem(list.error()));
  answer_json(response, 200, stats_json(*status, *list, node_));
}

}  // namespace darkroom::http
