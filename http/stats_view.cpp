#include "http/stats_view.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "jobs/timestamp.hpp"
#include "json/json_writer.hpp"

namespace darkroom::http {
namespace {

using actors::WorkerActivity;
using jobs::AttemptOutcome;
using jobs::JobStatus;
using json::JsonWriter;

std::optional<std::string> time_text(const std::optional<jobs::Timestamp>& time) {
  return time ? std::optional{jobs::to_rfc3339(*time)} : std::nullopt;
}

/// How often, and how long on average in milliseconds; null where it never was.
void write_times(JsonWriter& json, const jobs::Histogram& histogram) {
  const auto count = histogram.count();
  const auto mean = count == 0 ? std::nullopt : std::optional{histogram.microseconds / count};
  json.member("count", count);
  json.member("mean_ms", mean ? std::optional{static_cast<double>(*mean) / 1'000.0} : std::nullopt);
}

void write_jobs(JsonWriter& json, const actors::JobCounts& counts) {
  json.member("created", counts.created);
  for (const auto state : {JobStatus::completed, JobStatus::failed, JobStatus::cancelled})
    json.member(jobs::to_string(state), counts.ended.at(static_cast<std::size_t>(state)));
  json.member("removed", counts.removed);
  json.member("sent_again", counts.sent_again);
  json.member("results_reused", counts.results_reused);
  json.member("original_bytes", counts.original_bytes);
  json.object("time_to_complete", [&] {
    write_times(json, counts.job_time.at(static_cast<std::size_t>(JobStatus::completed)));
  });
}

void write_attempts(JsonWriter& json, const actors::JobCounts& counts) {
  json.member("started", counts.attempts.at(static_cast<std::size_t>(AttemptOutcome::running)));
  for (std::size_t i = 1; i < counts.attempts.size(); ++i)
    json.member(jobs::to_string(static_cast<AttemptOutcome>(i)), counts.attempts.at(i));
  json.member("retries", counts.retries);
  json.member("recoveries", counts.recoveries);
  json.member("lease_expiries", counts.lease_expiries);
  json.member("reports_refused", counts.refused_reports);
}

void write_queue(JsonWriter& json, const actors::ServiceStatus& status) {
  std::uint64_t ready = 0;
  std::uint64_t later = 0;
  std::vector<std::string> paused;
  for (const auto& queue : status.queues) {
    ready += queue.ready;
    later += queue.later;
    if (queue.paused) paused.push_back(queue.name);
  }
  json.member("ready", ready);
  json.member("later", later);
  json.member("processing", status.processing);
  json.member("alone", status.alone);
  json.member("oldest_ready_at", time_text(status.oldest_ready));
  json.texts("paused", paused);
  jobs::Histogram time;
  for (const auto& [queue, own] : status.counts.queue_time) {
    for (std::size_t i = 0; i < time.counts.size(); ++i)
      time.counts.at(i) += own.counts.at(i);
    time.microseconds += own.microseconds;
  }
  json.object("time_in_queue", [&] { write_times(json, time); });
}

void write_deliveries(JsonWriter& json, const actors::ServiceStatus& status) {
  json.member("pending", status.pending_deliveries);
  json.member("oldest_pending_at", time_text(status.oldest_delivery));
}

void write_workers(JsonWriter& json, const actors::ServiceStatus& status,
                   const actors::WorkerList& list) {
  std::uint64_t busy = 0;
  for (const auto& worker : list.workers)
    busy += worker.busy;
  json.member("processes", status.workers);
  json.member("slots", status.slots);
  json.member("busy", busy);
  for (const auto state : {WorkerActivity::working, WorkerActivity::idle, WorkerActivity::draining,
                           WorkerActivity::ailing, WorkerActivity::silent}) {
    json.member(actors::to_string(state),
                std::ranges::count(list.workers, state, &actors::WorkerStatus::state));
  }
  json.member("lost", status.counts.lost_workers);
  json.member("actor_restarts", status.actor_restarts);
}

void write_rendition(JsonWriter& json, const actors::RenditionCounts& kind) {
  json.member("operation", jobs::to_string(kind.operation));
  json.member("format", jobs::to_string(kind.format));
  write_times(json, kind.time);
  json.member("bytes", kind.bytes);
}

void write_disk(JsonWriter& json, const StorageStatus& storage) {
  json.member("disk_bytes", storage.disk.bytes);
  json.member("disk_free_bytes", storage.disk.free_bytes);
  json.member("reserve_bytes", storage.reserve_bytes);
  json.member("job_store_bytes", storage.disk.job_store_bytes);
}

void write_blobs(JsonWriter& json, const persistence::BlobCensus::Count& blobs) {
  json.member("blobs", blobs.blobs);
  json.member("blob_bytes", blobs.bytes);
  json.member("blobs_counted_at", jobs::to_rfc3339(blobs.counted_at));
}

void write_storage(JsonWriter& json, const actors::ServiceStatus& status,
                   const std::optional<StorageStatus>& storage) {
  json.member("writable", status.store_writable);
  if (storage) {
    write_disk(json, *storage);
  } else {
    for (const auto* name : {"disk_bytes", "disk_free_bytes", "reserve_bytes", "job_store_bytes"})
      json.member(name, nullptr);
  }
  if (storage && storage->blobs) {
    write_blobs(json, *storage->blobs);
  } else {
    for (const auto* name : {"blobs", "blob_bytes", "blobs_counted_at"})
      json.member(name, nullptr);
  }
}

void write_traffic(JsonWriter& json, const Traffic::Figures& traffic) {
  json.member("requests", traffic.requests);
  json.member("in_flight", traffic.in_flight);
  json.member("received_bytes", traffic.received_bytes);
  json.member("sent_bytes", traffic.sent_bytes);
  json.member("connections", traffic.connections);
  json.member("connections_limit", traffic.connection_limit);
  json.member("connections_refused", traffic.refused_connections);
}

}  // namespace

std::string stats_json(const actors::ServiceStatus& status, const actors::WorkerList& workers,
                       const NodeFacts& node) {
  const auto& counts = status.counts;
  std::vector<std::string> failing;
  for (const auto& child : status.children) {
    if (child.failing) failing.push_back(child.name);
  }
  JsonWriter json;
  json.member("version", node.version);
  json.member("started_at", jobs::to_rfc3339(node.started_at));
  json.member("counting_since", jobs::to_rfc3339(status.counting_since));
  json.object("jobs", [&] { write_jobs(json, counts); });
  json.object("attempts", [&] { write_attempts(json, counts); });
  json.object("queue", [&] { write_queue(json, status); });
  json.object("deliveries", [&] { write_deliveries(json, status); });
  json.object("workers", [&] { write_workers(json, status, workers); });
  json.list("renditions", counts.renditions,
            [&](const actors::RenditionCounts& kind) { write_rendition(json, kind); });
  json.object("storage", [&] { write_storage(json, status, node.storage()); });
  json.object("http", [&] { write_traffic(json, node.traffic->figures()); });
  json.texts("failing", failing);
  return json.finish() + "\n";
}

}  // namespace darkroom::http
