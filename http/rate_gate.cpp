#include "http/rate_gate.hpp"

#include <chrono>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <httplib.h>

#include "http/request_context.hpp"
#include "net/ip_address.hpp"

namespace darkroom::http {
namespace {

std::string client_key(const httplib::Request& request) {
  // Keys that nobody has checked would be as many clients as one likes to make up.
  const std::string& key = context_of(request).caller.key_id;
  if (!key.empty()) return "key " + key;
  const auto address = net::IpAddress::parse(request.remote_addr);
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
                                            httplib::Response& response,
                                            const RouteTraits& route) const {
  if (policies_.empty() || route.watches) return {};
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
  if (entered && uploads_ && route.takes_upload) pass(*uploads_, "uploads");
  response.set_header("RateLimit-Policy", policies_);
  if (!state.empty()) response.set_header("RateLimit", state);
  return entered;
}

}  // namespace darkroom::http
