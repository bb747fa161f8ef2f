#include "http/readiness.hpp"

#include <algorithm>

#include "jobs/lease.hpp"

namespace darkroom::http {

std::string reason_against_readiness(
    const tl::expected<actors::ServiceStatus, actors::ServiceError>& status) {
  if (!status) return status.error().message;
  if (!status->store_writable) {
    // Why is for the operator, in the log; paths of the machine are nobody else's business.
    return "The store cannot be written; the service's log says why.";
  }
  // What comes is work for those, whether others are here or not.
  if (status->resting_nodes > 0) return {};
  if (status->workers == 0) return "No worker has joined.";
  const bool some_take_jobs =
      status->queues.empty() ||
      std::ranges::any_of(status->queues, [](const auto& queue) { return queue.slots > 0; });
  if (!some_take_jobs) return "All workers are drained, or take the jobs of no queue there is.";
  const auto is_worker = [](const auto& child) {
    return child.name.starts_with(jobs::local_worker_prefix);
  };
  const auto workers = std::ranges::count_if(status->children, is_worker);
  const auto failing = std::ranges::count_if(
      status->children, [&](const auto& child) { return is_worker(child) && child.failing; });
  // Some that fail leave others to work, and must not let a few bad pictures end the service.
  if (workers > 0 && failing == workers) {
    return "Every worker process of this node keeps failing; the service's log says why.";
  }
  return {};
}

}  // namespace darkroom::http
