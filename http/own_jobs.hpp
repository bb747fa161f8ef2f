#pragma once

#include <string_view>

#include <tl/expected.hpp>

#include "actors/job_service.hpp"
#include "http/request_context.hpp"

namespace darkroom::http {

/// The jobs and batches of whoever asks: to a caller those of other tenants are not there, and the
/// answer is the same as for an id that never was. Whatever a route does to one by its id goes
/// through this. Thread-safe.
class OwnJobs {
 public:
  using Result = tl::expected<jobs::Job, actors::ServiceError>;

  /// `jobs` must outlive this object.
  explicit OwnJobs(actors::JobService& jobs) : jobs_(jobs) {}

  // As in actors::JobService.
  [[nodiscard]] Result get(const Caller& caller, const jobs::JobId& id) const;
  [[nodiscard]] tl::expected<actors::BatchState, actors::ServiceError> batch(
      const Caller& caller, const jobs::JobId& id) const;
  [[nodiscard]] Result remove(const Caller& caller, const jobs::JobId& id) const;
  [[nodiscard]] Result cancel(const Caller& caller, const jobs::JobId& id) const;
  [[nodiscard]] Result retry(const Caller& caller, const jobs::JobId& id) const;

 private:
  using Change = Result (actors::JobService::*)(const jobs::JobId&);
  [[nodiscard]] Result apply(Change change, const Caller& caller, const jobs::JobId& id) const;

  actors::JobService& jobs_;
};

/// Whether the caller sees what is this tenant's.
[[nodiscard]] bool sees(const Caller& caller, std::string_view tenant);

/// Whether the caller is told of what is wrong, or that there is no such thing: of a damaged record
/// nobody knows whose it is, so only who sees everybody's is told that it is there.
[[nodiscard]] bool is_told(const Caller& caller, const actors::ServiceError& error);

}  // namespace darkroom::http
