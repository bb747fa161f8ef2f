#include "http/rate_gate.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <httplib.h>

#include "http/health_routes.hpp"
#include "http/ip_address.hpp"
#include "http/metrics_route.hpp"
#include "http/tenant.hpp"
#include "http/upload_route.hpp"

namespace darkroom::http {
namespace {

bool is_watching(std::string_view path) {
  constexpr std::array<std::string_view, 3> paths{HealthRoutes::live_path, HealthRoutes::ready_path,
                                                  MetricsRoute::path};
  return std::ranges::find(paths, path) != paths.end();
}

bool is_upload(const httplib::Request& request) {
  return request.method == "POST" && request.path == UploadRoute::path;
}

std::string client_key(const httplib::Request& request) {
  if (const std::string tenant = tenant_of(request); !tenant.empty()) return "key " + tenant;
  const auto address = IpAddress::parse(request.remote_addr);
  return "address " + (address ? address->client() : request.remote_addr);
}

std::unique_ptr<RateLimiter> limiter(std::uint64_t quota, std::chrono::milliseconds window) {
  return quota == 0 ? nullptr : std::make_unique<RateLimiter>(quota, window);
}

void append_item(std::string& list, std::string_view item) {
  if (!list.empty()) list += ", ";
  list += item;
}

}  // namespace

RateGate::RateGate(const RateLimits& limits)
    : requests_(limiter(limits.requests, limits.window)),
      uploads_(limiter(limits.uploads, limits.window)) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(limits.window).count();
  if (requests_)
    append_item(policies_, fmt::format("\"requests\";q={};w={}", limits.requests, seconds));
  if (uploads_)
    append_item(policies_, fmt::format("\"uploads\";q={};w={}", limits.uploads, seconds));
}

tl::expected<void, Problem> RateGate::enter(const httplib::Request& request,
                                            httplib::Response& response) const {
  if (policies_.empty() || is_watching(request.path)) return {};
  const std::string client = client_key(request);
  const auto now = std::chrono::steady_clock::now();
  std::string state;
  tl::expected<void, Problem> entered;
  const auto pass = [&](RateLimiter& limiter, std::string_view name) {
    const auto verdict = limiter.take(client, now);
    append_item(state,
                fmt::format("\"{}\";r={};t={}", name, verdict.remaining, verdict.full_in.count()));
    if (verdict.admitted) return;
    entered = tl::unexpected{
        Problem{ProblemCode::rate_limited,
                fmt::format("Of {} no more are taken of this client for {} s; it has sent more "
                            "than {} in a while.",
                            name, verdict.next_in.count(), limiter.quota()),
                {{"Retry-After", fmt::format("{}", verdict.next_in.count())}}}};
  };
  if (requests_) pass(*requests_, "requests");
  if (entered && uploads_ && is_upload(request)) pass(*uploads_, "uploads");
  response.set_header("RateLimit-Policy", policies_);
  if (!state.empty()) response.set_header("RateLimit", state);
  return entered;
}

}  // namespace darkroom::http
