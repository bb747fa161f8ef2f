#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "http/file_urls.hpp"
#include "http/idempotency_claims.hpp"
#include "http/limits.hpp"
#include "http/log_throttle.hpp"
#include "http/problem.hpp"
#include "http/server.hpp"
#include "http/upload_slots.hpp"

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace darkroom::http {

class MessageBody;
class Router;
class Upload;

/// POST /v1/jobs: a picture as the multipart field `file` or as a raw body of image/*. What can be
/// refused by the header alone is refused before the body is read.
class UploadRoute {
 public:
  static constexpr auto path = "/v1/jobs";

  UploadRoute(const Options& options, const Services& services, const FileUrls& urls)
      : max_upload_bytes_(options.max_upload_bytes),
        services_(services),
        urls_(urls),
        slots_(options.max_uploads) {}

  void add_to(Router& router) const;

 private:
  struct Plan;

  void post(const httplib::Request& request, httplib::Response& response, MessageBody& body) const;

  [[nodiscard]] tl::expected<Plan, Problem> plan(const httplib::Request& request) const;
  [[nodiscard]] tl::expected<void, Problem> admit(const Plan& plan) const;
  [[nodiscard]] tl::expected<void, Problem> receive_form(MessageBody& body, Plan& plan,
                                                         Upload& upload,
                                                         std::uint64_t& received) const;
  [[nodiscard]] tl::expected<actors::CreatedJob, Problem> receive(const httplib::Request& request,
                                                                  MessageBody& body,
                                                                  std::uint64_t& received) const;

  std::uint64_t max_upload_bytes_;
  const Services& services_;
  const FileUrls& urls_;
  mutable IdempotencyClaims claims_;
  mutable UploadSlots slots_;
  mutable LogThrottle store_log_{limits::log_interval};
};

}  // namespace darkroom::http
