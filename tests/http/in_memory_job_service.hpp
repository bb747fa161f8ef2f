#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "actors/job_service.hpp"

namespace darkroom::http {

/// The job service of the HTTP tests: a map, and switches that make it refuse.
class InMemoryJobService final : public actors::JobService {
 public:
  tl::expected<void, actors::ServiceError> admit(std::string_view preset) override;
  tl::expected<void, actors::ServiceError> admit() override;
  tl::expected<jobs::Job, actors::ServiceError> create(actors::NewJob job) override;
  tl::expected<jobs::Job, actors::ServiceError> get(const jobs::JobId& id) override;
  tl::expected<jobs::Job, actors::ServiceError> remove(const jobs::JobId& id) override;
  tl::expected<actors::ServiceStatus, actors::ServiceError> status() override;

  /// From now on every call answers with this error.
  void fail_all(actors::ServiceErrorCode code, const std::string& message);
  /// From now on create() does, while admit() lets uploads through.
  void fail_create(actors::ServiceErrorCode code, const std::string& message);
  /// From now on get() throws: a bug in the service.
  void throw_from_get();
  void set_status(actors::ServiceStatus status);

  /// The last upload that became a job, as it came in.
  [[nodiscard]] actors::NewJob last_upload() const;

  [[nodiscard]] std::size_t size() const;

 private:
  mutable std::mutex mutex_;
  std::map<jobs::JobId, jobs::Job> jobs_;
  std::set<std::string, std::less<>> presets_{"default", "small"};
  std::optional<actors::ServiceError> failure_;
  std::optional<actors::ServiceError> create_failure_;
  actors::ServiceStatus status_{
      .store_writable = true, .workers = 1, .slots = 2, .pending = 3, .processing = 4};
  actors::NewJob last_upload_;
  bool throw_from_get_ = false;
};

}  // namespace darkroom::http
