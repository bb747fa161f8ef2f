#pragma once

#include <cstdint>

#include <tl/expected.hpp>

#include "http/file_urls.hpp"
#include "http/idempotency_claims.hpp"
#include "http/limits.hpp"
#include "http/log_throttle.hpp"
#include "http/problem.hpp"
#include "http/server.hpp"
#include "http/upload_form.hpp"
#include "http/upload_slots.hpp"

namespace httplib {
struct Request;
}

namespace darkroom::http {

class MessageBody;
class Upload;

/// Takes uploads in, for every route that does, and makes their jobs. What can be refused by the
/// header alone is refused before the body is read. Thread-safe.
class UploadIntake {
 public:
  /// `services` and `urls` must outlive this object.
  UploadIntake(const Options& options, const Services& services, const FileUrls& urls)
      : max_upload_bytes_(options.max_upload_bytes),
        services_(services),
        urls_(urls),
        slots_(options.max_uploads) {}

  /// Reads the request's body and makes its job, or finds the one that an earlier upload with the
  /// same idempotency key has made. Logs what came of it.
  [[nodiscard]] tl::expected<actors::CreatedJob, Problem> receive(const httplib::Request& request,
                                                                  MessageBody& body,
                                                                  const UploadRules& rules) const;

 private:
  struct Plan;

  [[nodiscard]] tl::expected<Plan, Problem> plan(const httplib::Request& request,
                                                 const UploadRules& rules) const;
  [[nodiscard]] tl::expected<void, Problem> admit(const Plan& plan) const;
  [[nodiscard]] tl::expected<actors::CreatedJob, Problem> receive_source(
      MessageBody& body, Plan& plan, const std::string& tenant, std::uint64_t& received) const;
  [[nodiscard]] tl::expected<void, Problem> receive_form(MessageBody& body,
                                                         const UploadRules& rules, Plan& plan,
                                                         Upload& upload,
                                                         std::uint64_t& received) const;
  [[nodiscard]] tl::expected<actors::CreatedJob, Problem> receive(const httplib::Request& request,
                                                                  MessageBody& body,
                                                                  const UploadRules& rules,
                                                                  std::uint64_t& received) const;

  std::uint64_t max_upload_bytes_;
  const Services& services_;
  const FileUrls& urls_;
  mutable IdempotencyClaims claims_;
  mutable UploadSlots slots_;
  mutable LogThrottle store_log_{limits::log_interval};
};

}  // namespace darkroom::http
