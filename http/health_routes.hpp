#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "actors/job_service.hpp"
#include "jobs/timestamp.hpp"
#include "persistence/blob_store.hpp"

namespace httplib {
struct Response;
}  // namespace httplib

namespace darkroom::http {

class Router;

/// GET /healthz: the process answers. GET /readyz: it can take and work on jobs, which means that
/// both stores are writable and a worker is there; 503 otherwise, with the reason.
class HealthRoutes {
 public:
  HealthRoutes(actors::JobService& jobs, persistence::BlobStore& blobs)
      : jobs_(jobs), blobs_(blobs) {}

  void add_to(Router& router) const;

 private:
  void ready(httplib::Response& response) const;
  /// Logs `reason` where it is another than at the last call: probes come every few seconds.
  void log_change(const std::string& reason) const;

  /// Tries the store of files; the outcome holds for a while.
  [[nodiscard]] bool blobs_writable() const;

  actors::JobService& jobs_;
  persistence::BlobStore& blobs_;
  mutable std::mutex check_mutex_;
  mutable std::optional<jobs::SteadyTime> checked_at_;
  mutable bool blobs_writable_ = true;
  mutable std::mutex mutex_;
  mutable std::string last_reason_;  ///< Empty: ready.
};

}  // namespace darkroom::http
