#pragma once

#include <vector>

#include "actors/job_service.hpp"

namespace darkroom::json {
class JsonWriter;
}

namespace darkroom::http {

// Queues and workers as operators see them, over HTTP and on the control socket alike.

/// The member `queues`.
void write_queues(json::JsonWriter& json, const std::vector<actors::QueueStatus>& queues);

/// The members `workers` and `drained`.
void write_workers(json::JsonWriter& json, const actors::WorkerList& list);

}  // namespace darkroom::http
