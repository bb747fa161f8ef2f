#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/cluster/eventually.hpp"
#include "tests/cluster/job_report.hpp"

namespace darkroom::cluster {

struct Answer {
  int status = 0;  ///< 0 if the service could not be reached.
  std::string body;
  std::string content_type;
  std::string location;
};

/// A client of a service.
class ApiClient {
 public:
  explicit ApiClient(int port, std::string host = "127.0.0.1")
      : host_(std::move(host)), port_(port) {}

  /// The same, but with this API key.
  [[nodiscard]] ApiClient with_key(std::string api_key) const;

  [[nodiscard]] Answer get(const std::string& path) const;
  [[nodiscard]] Answer remove(const std::string& path) const;
  [[nodiscard]] Answer post(const std::string& path, const std::string& body = {},
                            const std::string& content_type = {}) const;
  /// `key` is its idempotency key; empty for none.
  [[nodiscard]] Answer upload(const std::string& filename, const std::string& bytes,
                              const std::string& key = {}) const;

  /// All in one request, each as a file of this name.
  [[nodiscard]] Answer upload_batch(const std::vector<std::pair<std::string, std::string>>& files,
                                    const std::string& key = {}) const;

  /// Uploads and returns the job's id; throws std::runtime_error if the service refuses.
  [[nodiscard]] std::string create_job(const std::string& filename, const std::string& bytes) const;
  /// Throws std::runtime_error if there is no such job.
  [[nodiscard]] JobReport job(const std::string& id) const;
  /// The job as it ended, or as it was when `timeout` was over.
  [[nodiscard]] JobReport wait_for_end(const std::string& id,
                                       std::chrono::milliseconds timeout = patience) const;
  /// The worker that was first seen to work on the job; none if the job ended unseen.
  [[nodiscard]] std::optional<std::string> wait_for_worker(const std::string& id) const;
  /// How many workers have joined; 0 while the service cannot be reached.
  [[nodiscard]] std::uint64_t workers() const;

 private:
  std::string host_;
  int port_;
  std::string api_key_;
};

}  // namespace darkroom::cluster
