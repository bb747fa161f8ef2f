#include "http/operator_routes.hpp"

#include <string>
#include <utility>

#include <httplib.h>

#include "http/health_routes.hpp"
#include "http/metrics_route.hpp"
#include "http/responses.hpp"
#include "http/router.hpp"
#include "http/service_routes.hpp"
#include "json/json_writer.hpp"

namespace darkroom::http {
namespace {

std::string make_index(std::string_view version) {
  json::JsonWriter json;
  json.member("service", "darkroom coordinator");
  json.member("version", version);
  json.object("links", [&] {
    json.member("health", "GET /healthz");
    json.member("readiness", "GET /readyz");
    json.member("metrics", "GET /metrics");
    json.member("problem", "GET /problems/{code}");
  });
  return json.finish() + "\n";
}

class OperatorRoutes final : public RouteSet {
 public:
  OperatorRoutes(actors::JobService& jobs, persistence::BlobStore& blobs, std::string_view version,
                 StorageReader read_storage)
      : index_(make_index(version)),
        health_(jobs, blobs),
        node_{.version = version,
              .started_at = jobs::system_now(),
              .read_storage = std::move(read_storage)},
        metrics_(jobs, node_) {}

  void add_to(Router& router) override {
    router.add("GET", "/", Scope::open,
               [this](const httplib::Request&, httplib::Response& response, const std::string&) {
                 answer_json(response, 200, index_);
               });
    health_.add_to(router);
    metrics_.add_to(router);
    add_problem_route(router);
  }

  [[nodiscard]] std::shared_ptr<Traffic> traffic() const override { return node_.traffic; }

 private:
  std::string index_;
  HealthRoutes health_;
  NodeFacts node_;
  MetricsRoute metrics_;
};

}  // namespace

std::unique_ptr<RouteSet> make_operator_routes(actors::JobService& jobs,
                                               persistence::BlobStore& blobs,
                                               std::string_view version,
                                               StorageReader read_storage) {
  return std::make_unique<OperatorRoutes>(jobs, blobs, version, std::move(read_storage));
}

}  // namespace darkroom::http
