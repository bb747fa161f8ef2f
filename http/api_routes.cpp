#include "http/api_routes.hpp"

#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "http/access.hpp"
#include "http/batch_route.hpp"
#include "http/batch_wait.hpp"
#include "http/cluster_routes.hpp"
#include "http/delivery_routes.hpp"
#include "http/dialect_django.hpp"
#include "http/dialect_fastapi.hpp"
#include "http/dialect_upload.hpp"
#include "http/dialects.hpp"
#include "http/documentation_routes.hpp"
#include "http/event_board.hpp"
#include "http/event_route.hpp"
#include "http/file_route.hpp"
#include "http/file_urls.hpp"
#include "http/health_routes.hpp"
#include "http/job_routes.hpp"
#include "http/job_wait.hpp"
#include "http/key_ring.hpp"
#include "http/list_route.hpp"
#include "http/metrics_route.hpp"
#include "http/node_facts.hpp"
#include "http/router.hpp"
#include "http/service_routes.hpp"
#include "http/upload_route.hpp"

namespace darkroom::http {
namespace {

Dialects dialects_of(const Options& options) {
  const auto dialects = Dialects::parse(options.dialects);
  if (dialects) return *dialects;
  throw std::invalid_argument{"http.dialects has no dialect in " + dialects.error()};
}

template <class Dialect>
DialectRoutes add_dialect(Router& router, std::string name, const Dialect& dialect) {
  const std::size_t before = router.routes().size();
  dialect.add_to(router);
  DialectRoutes added{.name = std::move(name), .routes = {}};
  const auto routes = router.routes();
  for (const auto& route : std::span{routes}.subspan(before))
    added.routes.push_back(fmt::format("{} {}", route.method, route.pattern));
  return added;
}

class ApiRoutes final : public RouteSet {
 public:
  ApiRoutes(const Options& options, Services services)
      : services_(std::move(services)),
        ring_(services_.jobs),
        urls_(options, services_.client_urls, services_.wall_clock, ring_),
        access_(ring_, urls_),
        intake_(options, services_, urls_),
        dialects_(dialects_of(options)),
        django_(services_, intake_, urls_),
        fastapi_(services_, intake_, urls_),
        uploads_(services_, intake_, urls_),
        board_(services_.jobs, {.readers = options.max_streams}),
        waits_(options, board_, services_.jobs),
        batch_waits_(options, board_, services_.jobs),
        upload_(intake_, urls_, waits_),
        batches_(intake_, services_.jobs, urls_, batch_waits_),
        jobs_(services_.jobs, services_.blobs, urls_, waits_),
        deliveries_(services_.jobs),
        list_(services_.jobs, services_.blobs, urls_),
        events_(board_, services_.jobs, urls_, ring_, options.max_replay),
        files_(services_, urls_),
        health_(services_.jobs, services_.blobs),
        node_{.version = services_.version,
              .started_at = services_.wall_clock(),
              .read_storage = services_.read_storage},
        cluster_(services_.jobs, node_),
        metrics_(services_.jobs, node_),
        documentation_(dialects_, services_.version, services_.wall_clock()) {}

  void add_to(Router& router) override {
    // Before others that have a placeholder where they have a word. What both of the last two have
    // is of the first one: /upload/{id}/status and /upload/{id}/result.
    std::vector<DialectRoutes> dialects;
    if (dialects_.django) dialects.push_back(add_dialect(router, "django", django_));
    if (dialects_.fastapi) dialects.push_back(add_dialect(router, "fastapi", fastapi_));
    if (dialects_.upload) dialects.push_back(add_dialect(router, "upload", uploads_));
    upload_.add_to(router);
    batches_.add_to(router);
    list_.add_to(router);
    jobs_.add_to(router);
    deliveries_.add_to(router);
    events_.add_to(router);
    files_.add_to(router);
    health_.add_to(router);
    cluster_.add_to(router);
    metrics_.add_to(router);
    documentation_.add_to(router);
    add_service_routes(router, services_.version, dialects);
  }

  [[nodiscard]] const Gate* gate() const override { return &access_; }
  [[nodiscard]] std::shared_ptr<Traffic> traffic() const override { return node_.traffic; }

 private:
  Services services_;
  KeyRing ring_;
  FileUrls urls_;
  Access access_;
  UploadIntake intake_;
  Dialects dialects_;
  DjangoDialect django_;
  FastApiDialect fastapi_;
  UploadDialect uploads_;
  EventBoard board_;
  JobWait waits_;
  BatchWait batch_waits_;
  UploadRoute upload_;
  BatchRoute batches_;
  JobRoutes jobs_;
  DeliveryRoutes deliveries_;
  ListRoute list_;
  EventRoute events_;
  FileRoute files_;
  HealthRoutes health_;
  NodeFacts node_;
  ClusterRoutes cluster_;
  MetricsRoute metrics_;
  DocumentationRoutes documentation_;
};

}  // namespace

std::unique_ptr<RouteSet> make_api_routes(const Options& options, Services services) {
  return std::make_unique<ApiRoutes>(options, std::move(services));
}

}  // namespace darkroom::http
