#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

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

/// Takes uploads in, for every route that does, and makes their jobs or batches. What can be
/// refused by the header alone is refused before the body is read. Thread-safe.
class UploadIntake {
 public:
  /// `services` and `urls` must outlive this object.
  UploadIntake(const Options& options, const Services& services, const FileUrls& urls)
      : max_upload_bytes_(options.max_upload_bytes),
        max_batch_bytes_(options.max_batch_bytes),
        max_batch_files_(options.max_batch_files),
        services_(services),
        urls_(urls),
        slots_(options.max_uploads) {}

  /// Reads the request's body and makes its job, or finds the one that an earlier upload with the
  /// same idempotency key has made. Logs what came of it.
  [[nodiscard]] tl::expected<actors::CreatedJob, Problem> receive(const httplib::Request& request,
                                                                  MessageBody& body,
                                                                  const UploadRules& rules) const;

  /// The same for a form of several files, which make a batch.
  [[nodiscard]] tl::expected<actors::CreatedBatch, Problem> receive_batch(
      const httplib::Request& request, MessageBody& body) const;

 private:
  struct Plan;
  /// An upload's place among those that are under way, and its idempotency key's.
  struct Turn {
    UploadSlots::Slot slot;
    std::optional<IdempotencyClaims::Claim> claim;
  };
  /// How large the body of an upload may be.
  struct Bounds {
    std::uint64_t bytes = 0;  ///< Of its files.
    std::size_t parts = 0;    ///< Of a form.
  };

  [[nodiscard]] tl::expected<Plan, Problem> plan(const httplib::Request& request,
                                                 const UploadRules& rules,
                                                 std::uint64_t most_bytes) const;
  [[nodiscard]] tl::expected<void, Problem> admit(const Plan& plan) const;
  [[nodiscard]] tl::expected<Turn, Problem> take_turn(const httplib::Request& request,
                                                      const Plan& plan) const;
  [[nodiscard]] static tl::expected<void, Problem> receive_form(MessageBody& body,
                                                                const UploadRules& rules,
                                                                Plan& plan, FormFiles& files,
                                                                const Bounds& bounds,
                                                                std::uint64_t& received);
  [[nodiscard]] tl::expected<actors::CreatedJob, Problem> receive_source(
      MessageBody& body, Plan& plan, const std::string& tenant, std::uint64_t& received) const;
  [[nodiscard]] tl::expected<actors::CreatedJob, Problem> receive(const httplib::Request& request,
                                                                  MessageBody& body,
                                                                  const UploadRules& rules,
                                                                  std::uint64_t& received) const;
  [[nodiscard]] tl::expected<actors::CreatedBatch, Problem> receive_batch(
      const httplib::Request& request, MessageBody& body, std::uint64_t& received) const;

  std::uint64_t max_upload_bytes_;
  std::uint64_t max_batch_bytes_;
  std::size_t max_batch_files_;
  const Services& services_;
  const FileUrls& urls_;
  mutable IdempotencyClaims claims_;
  mutable UploadSlots slots_;
  mutable LogThrottle store_log_{limits::log_interval};
};

}  // namespace darkroom::http
