#pragma once

#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "http/options.hpp"
#include "http/problem.hpp"
#include "http/rate_limiter.hpp"
#include "http/router.hpp"

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace darkroom::http {

/// Holds requests to Options::rates, for each API key that was checked, else for each address.
/// Never those of routes that watch: who does so must see the service when it is busiest.
/// Thread-safe.
class RateGate {
 public:
  explicit RateGate(const RateLimits& limits);

  /// Lets a request pass or not; to be asked once it is known who the caller is, and before
  /// anything of the body is read. The answer gets
  /// its header fields RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-10)
  /// either way.
  [[nodiscard]] tl::expected<void, Problem> enter(const httplib::Request& request,
                                                  httplib::Response& response,
                                                  const RouteTraits& route) const;

 private:
  std::unique_ptr<RateLimiter> requests_;  ///< nullptr: as many as one likes.
  std::unique_ptr<RateLimiter> uploads_;
  std::string policies_;
};

}  // namespace darkroom::http
