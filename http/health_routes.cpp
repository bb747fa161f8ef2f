#include "http/health_routes.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include <httplib.h>
#include <spdlog/spdlog.h>

#include "http/limits.hpp"
#include "http/responses.hpp"
#include "http/router.hpp"
#include "jobs/lease.hpp"

namespace darkroom::http {
namespace {

// Empty where the service is ready.
std::string reason_against(
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

std::vector<std::string> failing_children(const actors::ServiceStatus& status) {
  std::vector<std::string> names;
  for (const auto& child : status.children) {
    if (child.failing) names.push_back(child.name);
  }
  return names;
}

}  // namespace

void HealthRoutes::add_to(Router& router) const {
  router.add("GET", "/healthz", Scope::open,
             [](const httplib::Request&, httplib::Response& response, const std::string&) {
               answer_json(response, 200, "{\"status\":\"ok\"}\n");
             },
             {.watches = true});
  router.add("GET", "/readyz", Scope::open,
             [this](const httplib::Request&, httplib::Response& response, const std::string&) {
               ready(response);
             },
             {.watches = true, .logs_refusals = true});
}

void HealthRoutes::log_change(const std::string& reason) const {
  const std::scoped_lock lock{mutex_};
  if (reason == last_reason_) return;
  last_reason_ = reason;
  if (reason.empty()) {
    spdlog::info("ready");
  } else {
    spdlog::warn("not ready: {}", reason);
  }
}

bool HealthRoutes::blobs_writable() const {
  const std::scoped_lock lock{check_mutex_};
  const auto now = std::chrono::steady_clock::now();
  if (checked_at_ && now - *checked_at_ < limits::store_check_interval) return blobs_writable_;
  const auto checked = blobs_.check_writable();
  checked_at_ = std::chrono::steady_clock::now();
  if (!checked && blobs_writable_) {
    spdlog::error("the store of files refused a write: {}", checked.error().message);
  }
  if (checked && !blobs_writable_) spdlog::info("the store of files takes writes again");
  blobs_writable_ = checked.has_value();
  return blobs_writable_;
}

void HealthRoutes::ready(httplib::Response& response) const {
  auto status = jobs_.status();
  if (status && !blobs_writable()) status->store_writable = false;
  const auto write_figures =
      [figures = status.value_or(actors::ServiceStatus{})](json::JsonWriter& json) {
        json.member("store_writable", figures.store_writable);
        json.member("workers", figures.workers);
        json.member("slots", figures.slots);
        json.member("pending", figures.pending);
        json.member("processing", figures.processing);
        json.list("failing", failing_children(figures),
                  [&](const std::string& name) { json.member("name", name); });
      };
  const std::string reason = reason_against(status);
  log_change(reason);
  if (!reason.empty()) {
    const Problem problem{ProblemCode::not_ready, reason};
    return answer_problem(response, problem, to_json(problem, write_figures));
  }
  json::JsonWriter json;
  json.member("status", "ready");
  write_figures(json);
  json.member("reason", nullptr);
  answer_json(response, 200, json.finish() + "\n");
}

}  // namespace darkroom::http
