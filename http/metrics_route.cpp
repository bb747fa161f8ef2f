#include "http/metrics_route.hpp"

#include <httplib.h>

#include "http/delivery_metrics.hpp"
#include "http/job_metrics.hpp"
#include "http/metric_families.hpp"
#include "http/node_metrics.hpp"
#include "http/process_metrics.hpp"
#include "http/readiness.hpp"
#include "http/router.hpp"

namespace darkroom::http {

std::string metrics_text(const ServiceReport& report, const NodeFacts& node, jobs::Timestamp now) {
  MetricFamilies families;
  families
      .gauge("darkroom_ready",
             "1 while the service can take and work on jobs, as /readyz says; it alone tries the "
             "store of files.")
      .add(reason_against_readiness(report.status).empty() ? 1 : 0);
  // A further subject is a function of its own here, in a file of its own.
  if (report.status) {
    add_service_metrics(families, *report.status, now);
    add_job_metrics(families, report.status->counts);
    add_delivery_metrics(families, *report.status, now);
  }
  if (report.workers) add_worker_metrics(families, *report.workers);
  add_node_metrics(families, node);
  add_process_metrics(families);
  return families.text();
}

void MetricsRoute::add_to(Router& router) const {
  router.add("GET", "/metrics", Scope::open,
             [this](const httplib::Request&, httplib::Response& response, const std::string&) {
               ServiceReport report{.status = jobs_.status(), .workers = {}};
               // Who has not answered once is not waited for twice.
               if (report.status) {
                 report.workers = jobs_.workers();
               } else {
                 report.workers = tl::unexpected{report.status.error()};
               }
               response.status = 200;
               response.set_content(metrics_text(report, node_, jobs::system_now()),
                                    "text/plain; version=0.0.4; charset=utf-8");
             },
             {.watches = true});
}

}  // namespace darkroom::http
