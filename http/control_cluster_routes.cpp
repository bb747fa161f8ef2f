#include "http/control_cluster_routes.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include <httplib.h>

#include "http/problem_mapping.hpp"
#include "http/responses.hpp"
#include "http/router.hpp"
#include "jobs/timestamp.hpp"
#include "json/json_writer.hpp"

namespace darkroom::http {
namespace {

void write_queue(json::JsonWriter& json, const actors::QueueStatus& queue, jobs::Timestamp now) {
  json.member("name", queue.name);
  json.member("weight", queue.weight);
  json.member("paused", queue.paused);
  json.member("ready", queue.ready);
  json.member("later", queue.later);
  json.member("running", queue.processing);
  const auto age =
      queue.oldest_ready
          ? std::optional{std::max<std::int64_t>(0, (now - *queue.oldest_ready).count())}
          : std::nullopt;
  json.member("oldest_ms", age);
  json.member("workers", queue.workers);
  json.member("slots", queue.slots);
  json.member("wanted_slots", queue.wanted_slots);
}

void write_workers(json::JsonWriter& json, const actors::WorkerList& list) {
  json.list("workers", list.workers, [&](const actors::WorkerStatus& worker) {
    json.member("name", worker.name);
    json.member("node", worker.node);
    json.member("state", actors::to_string(worker.state));
    json.member("drained", worker.drained);
    json.member("slots", worker.slots);
    json.member("busy", worker.busy);
    json.list("queues", worker.queues,
              [&](const std::string& queue) { json.member("name", queue); });
    json.member("version", worker.version.empty() ? std::nullopt : std::optional{worker.version});
    json.member("joined_at", jobs::to_rfc3339(worker.joined_at));
    json.member("last_heard_ms", worker.silent_ms);
    json.member("ailment", worker.ailment.empty() ? std::nullopt : std::optional{worker.ailment});
  });
  json.list("drained", list.drained, [&](const std::string& name) { json.member("name", name); });
}

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
  const auto now = jobs::system_now();
  json::JsonWriter json;
  json.list("queues", status->queues,
            [&](const actors::QueueStatus& queue) { write_queue(json, queue, now); });
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
