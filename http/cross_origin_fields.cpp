#include "http/cross_origin_fields.hpp"

#include <httplib.h>

namespace darkroom::http {
namespace {

// Of our answers, those that a page may not read unless it is told so.
constexpr const char* exposed_fields =
    "Accept-Ranges, Allow, Content-Disposition, Content-Range, ETag, Idempotency-Replayed, Link, "
    "Location, Preference-Applied, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, "
    "X-Request-Id";

// Of requests, those that a page may not set unless it may. "*" would not stand for Authorization.
constexpr const char* accepted_fields =
    "Authorization, Content-Disposition, Content-Type, Idempotency-Key, If-Match, "
    "If-Modified-Since, If-None-Match, If-Range, If-Unmodified-Since, Last-Event-ID, Prefer, "
    "Range, Traceparent, Tracestate, X-API-Key, X-Request-Id";

// Seconds that the browser need not ask again for; no browser takes more.
constexpr const char* max_age = "7200";

}  // namespace

void add_cross_origin_fields(const CrossOrigins& origins, const httplib::Request& request,
                             httplib::Response& response) {
  if (origins.none() || response.has_header("Access-Control-Allow-Origin")) return;
  if (!origins.any() && !response.has_header("Vary")) response.set_header("Vary", "Origin");
  const std::string origin = request.get_header_value("Origin");
  if (!origins.any() && !origins.allow(origin)) return;
  response.set_header("Access-Control-Allow-Origin", origins.any() ? "*" : origin);
  response.set_header("Access-Control-Expose-Headers", exposed_fields);
}

bool is_allowed_preflight(const CrossOrigins& origins, const httplib::Request& request) {
  return request.method == "OPTIONS" && request.has_header("Access-Control-Request-Method") &&
         request.has_header("Origin") && !origins.none() &&
         origins.allow(request.get_header_value("Origin"));
}

void answer_preflight(httplib::Response& response, const std::string& methods) {
  response.status = 204;
  response.set_header("Allow", methods);
  response.set_header("Access-Control-Allow-Methods", methods);
  response.set_header("Access-Control-Allow-Headers", accepted_fields);
  response.set_header("Access-Control-Max-Age", max_age);
}

}  // namespace darkroom::http
