#include "http/node_metrics.hpp"

#include <string>

#include "http/metric_families.hpp"

namespace darkroom::http {
namespace {

MetricFamilies::Labels labels_of(const Traffic::RouteFigures& route) {
  return {{"route", route.route.empty() ? "none" : route.route}, {"method", route.method}};
}

void add_requests(MetricFamilies& families, const Traffic::Figures& traffic) {
  families.counter("darkroom_http_requests_total",
                   "Requests that were answered, by the pattern of their route.");
  for (const auto& route : traffic.routes) {
    for (const auto& [status, count] : route.statuses) {
      auto labels = labels_of(route);
      labels.emplace_back("status", status);
      families.add_number(count, labels);
    }
  }
  families.histogram("darkroom_http_request_duration_seconds",
                     "From the header of a request to the end of its answer.");
  for (const auto& route : traffic.routes)
    families.add(route.time, labels_of(route));
  families.gauge("darkroom_http_requests_in_flight", "Requests that are being answered.")
      .add_number(traffic.in_flight);
}

void add_connections(MetricFamilies& families, const Traffic::Figures& traffic) {
  families.counter("darkroom_http_received_bytes_total", "Bytes that clients have sent.")
      .add_number(traffic.received_bytes);
  families.counter("darkroom_http_sent_bytes_total", "Bytes that were sent to clients.")
      .add_number(traffic.sent_bytes);
  families.gauge("darkroom_http_connections", "Open connections of clients.")
      .add_number(traffic.connections);
  families.gauge("darkroom_http_connections_limit", "So many may be open (http.max_connections).")
      .add_number(traffic.connection_limit);
  families.counter("darkroom_http_connections_refused_total", "Connections without a place.")
      .add_number(traffic.refused_connections);
}

void add_storage(MetricFamilies& families, const StorageStatus& storage) {
  families.gauge("darkroom_disk_bytes", "Size of the file system with the data folder.")
      .add_number(storage.disk.bytes);
  families.gauge("darkroom_disk_free_bytes", "What is free of it.")
      .add_number(storage.disk.free_bytes);
  families.gauge("darkroom_disk_reserve_bytes", "With less free, uploads are refused.")
      .add_number(storage.reserve_bytes);
  if (storage.disk.job_store_bytes) {
    families.gauge("darkroom_job_store_bytes", "Size of the job store's files.")
        .add_number(*storage.disk.job_store_bytes);
  }
  if (!storage.blobs) return;
  families.gauge("darkroom_blobs", "Originals and renditions, at the janitor's latest round.")
      .add_number(storage.blobs->blobs);
  families.gauge("darkroom_blob_bytes", "Their size together.").add_number(storage.blobs->bytes);
}

}  // namespace

void add_node_metrics(MetricFamilies& families, const NodeFacts& node) {
  families.gauge("darkroom_build_info", "Always 1; the labels say what runs.")
      .add(1, {{"version", std::string{node.version}}});
  const auto traffic = node.traffic->figures();
  add_requests(families, traffic);
  add_connections(families, traffic);
  if (const auto storage = node.storage()) add_storage(families, *storage);
}

}  // namespace darkroom::http
