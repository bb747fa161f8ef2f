#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "http/log_throttle.hpp"
#include "http/problem.hpp"
#include "http/server.hpp"
#include "http/upload.hpp"
#include "http/upload_form.hpp"
#include "http/upload_parameters.hpp"

namespace darkroom::http {

/// Several files on their way from one request to the jobs of a batch, one after the other. What is
/// wrong with a file is told with its number, from 1, and its name. Destroyed before create() has
/// succeeded, it leaves nothing behind.
class BatchUpload final : public FormFiles {
 public:
  struct Limits {
    std::size_t files = 0;
    std::uint64_t bytes_of_file = 0;
  };

  /// All must outlive this object.
  BatchUpload(const Services& services, Limits limits, LogThrottle& store_log)
      : services_(services), limits_(limits), store_log_(store_log) {}

  /// Makes the first temporary file. Refused while the disk has too little room, which so is known
  /// before anything is read.
  [[nodiscard]] tl::expected<void, Problem> open();

  [[nodiscard]] tl::expected<void, Problem> file_begins(std::string_view filename) override;
  [[nodiscard]] tl::expected<void, Problem> file_data(std::string_view bytes) override;
  [[nodiscard]] tl::expected<void, Problem> file_ends() override;
  [[nodiscard]] bool has_file() const override;

  /// Makes the batch of this tenant with a job for each file; with an idempotency key, the batch
  /// may be an earlier one. Call once, when the form is over.
  [[nodiscard]] tl::expected<actors::CreatedBatch, Problem> create(
      const UploadParameters& parameters, const std::optional<std::string>& idempotency_key,
      const std::string& tenant);

 private:
  /// What is wrong with the latest file.
  [[nodiscard]] tl::unexpected<Problem> of_file(Problem problem) const;

  /// For the next file's job: behind the one before, so that jobs are listed in the order of their
  /// files.
  [[nodiscard]] jobs::JobId next_id();

  const Services& services_;
  Limits limits_;
  LogThrottle& store_log_;
  std::list<Upload> files_;
  bool is_open_ = false;  ///< The last of them waits for a file to begin.
  std::string filename_;  ///< Of the latest file.
  jobs::JobId last_id_;
  jobs::Timestamp last_time_;
};

}  // namespace darkroom::http
