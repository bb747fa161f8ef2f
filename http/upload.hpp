#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "http/log_throttle.hpp"
#include "http/problem.hpp"
#include "http/server.hpp"
#include "http/upload_parameters.hpp"
#include "jobs/job.hpp"
#include "persistence/blob_store.hpp"

namespace darkroom::http {

struct UploadRules;

/// One file on its way from a request to a job. Destroyed without release(), it leaves nothing
/// behind.
class Upload {
 public:
  /// `store_log` is for what the store says when it refuses.
  Upload(const Services& services, std::uint64_t max_bytes, LogThrottle& store_log)
      : services_(services), max_bytes_(max_bytes), store_log_(store_log) {}
  Upload(const Upload&) = delete;
  Upload& operator=(const Upload&) = delete;
  Upload(Upload&&) = delete;
  Upload& operator=(Upload&&) = delete;
  ~Upload();

  /// Makes the temporary file. Refused while the disk has too little room, which so is known before
  /// anything is read.
  [[nodiscard]] tl::expected<void, Problem> open();

  [[nodiscard]] bool has_file() const { return has_file_; }

  /// The file begins; after open(). `filename` as the client sent it; empty where it sent none.
  void begin(std::string_view filename);

  [[nodiscard]] tl::expected<void, Problem> append(std::string_view bytes);

  /// Looks at the whole file, and makes it durable as the original of the job that is to have this
  /// id. Call once, after begin().
  [[nodiscard]] tl::expected<void, Problem> keep(const jobs::JobId& id);

  /// The job that is wanted; after keep(), and once.
  [[nodiscard]] actors::NewJob wish(const UploadParameters& parameters, const std::string& tenant,
                                    const UploadRules& rules);

  /// As upload_fingerprint() has it; after keep().
  [[nodiscard]] std::string fingerprint(const UploadParameters& parameters) const;

  /// The file is a job's from now on, or may be.
  void release() { kept_key_.clear(); }

  /// All of it for one file: keeps it, and makes the job of this tenant; with an idempotency key,
  /// the job may be an earlier one. Call once, after begin().
  [[nodiscard]] tl::expected<actors::CreatedJob, Problem> create(
      const UploadParameters& parameters, const std::optional<std::string>& idempotency_key,
      const std::string& tenant, const UploadRules& rules);

 private:
  [[nodiscard]] tl::expected<jobs::Original, Problem> examine(const jobs::JobId& id);
  [[nodiscard]] tl::expected<actors::CreatedJob, actors::ServiceError> create_job(
      actors::NewJob job) const;
  [[nodiscard]] tl::unexpected<Problem> store_problem(std::string_view doing,
                                                      const persistence::StoreError& error);

  const Services& services_;
  std::uint64_t max_bytes_;
  LogThrottle& store_log_;
  std::unique_ptr<persistence::BlobWriter> writer_;  ///< Until the file is kept.
  bool has_file_ = false;
  std::string filename_;
  jobs::JobId id_;
  std::string sha256_;
  std::string kept_key_;     ///< Of the blob that goes with this object; empty for none.
  jobs::Original original_;  ///< Once the file was examined.
  imaging::ImageInfo info_;  ///< The same.
};

}  // namespace darkroom::http
