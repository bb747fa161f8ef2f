#include "http/health_routes.hpp"

#include <chrono>
#include <string>
#include <vector>

#include <httplib.h>
#include <spdlog/spdlog.h>

#include "http/limits.hpp"
#include "http/readiness.hpp"
#include "http/responses.hpp"
#include "http/router.hpp"

namespace darkroom::http {
namespace {

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
  const std::string reason = reason_against_readiness(status);
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
