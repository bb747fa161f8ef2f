#include "http/cluster_view.hpp"

#include <optional>
#include <string>

#include "jobs/timestamp.hpp"
#include "json/json_writer.hpp"

namespace darkroom::http {
namespace {

std::optional<std::string> known(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional{text};
}

void write_queue(json::JsonWriter& json, const actors::QueueStatus& queue) {
  json.member("name", queue.name);
  json.member("weight", queue.weight);
  json.member("paused", queue.paused);
  json.member("ready", queue.ready);
  json.member("to_fetch", queue.to_fetch);
  json.member("later", queue.later);
  json.member("processing", queue.processing);
  json.member("oldest_ready_at", queue.oldest_ready
                                     ? std::optional{jobs::to_rfc3339(*queue.oldest_ready)}
                                     : std::nullopt);
  json.member("workers", queue.workers);
  json.member("slots", queue.slots);
  json.member("fetchers", queue.fetchers);
  json.member("wanted_slots", queue.wanted_slots);
}

void write_worker(json::JsonWriter& json, const actors::WorkerStatus& worker) {
  json.member("name", worker.name);
  json.member("node", worker.node);
  json.member("version", known(worker.version));
  json.member("state", actors::to_string(worker.state));
  json.member("drained", worker.drained);
  json.member("slots", worker.slots);
  json.member("busy", worker.busy);
  json.texts("queues", worker.queues);
  json.member("joined_at", jobs::to_rfc3339(worker.joined_at));
  json.member("silent_ms", worker.silent_ms);
  json.member("ailment", known(worker.ailment));
}

}  // namespace

void write_queues(json::JsonWriter& json, const std::vector<actors::QueueStatus>& queues) {
  json.list("queues", queues, [&](const actors::QueueStatus& queue) { write_queue(json, queue); });
}

void write_workers(json::JsonWriter& json, const actors::WorkerList& list) {
  json.list("workers", list.workers,
            [&](const actors::WorkerStatus& worker) { write_worker(json, worker); });
  json.texts("drained", list.drained);
}

}  // namespace darkroom::http
