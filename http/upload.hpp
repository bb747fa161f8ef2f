#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "http/log_throttle.hpp"
#include "http/problem.hpp"
#include "http/rendition_choice.hpp"
#include "http/server.hpp"
#include "jobs/job.hpp"
#include "persistence/blob_store.hpp"

namespace darkroom::http {

/// One file on its way from a request to a job. Destroyed before create() has succeeded, it leaves
/// nothing behind.
class Upload {
 public:
  /// `store_log` is for what the store says when it refuses.
  Upload(const Services& services, std::uint64_t max_bytes, LogThrottle& store_log)
      : services_(services), max_bytes_(max_bytes), store_log_(store_log) {}

  [[nodiscard]] bool has_file() const { return writer_ != nullptr; }

  /// `filename` as the client sent it; empty where it sent none.
  [[nodiscard]] tl::expected<void, Problem> begin(std::string_view filename);

  [[nodiscard]] tl::expected<void, Problem> append(std::string_view bytes);

  /// Looks at the whole file, makes it durable, and then the job. Call once, after begin().
  [[nodiscard]] tl::expected<jobs::Job, Problem> create(const RenditionChoice& choice);

 private:
  [[nodiscard]] tl::expected<jobs::Original, Problem> examine(const jobs::JobId& id);
  [[nodiscard]] tl::unexpected<Problem> store_problem(std::string_view doing,
                                                      const persistence::StoreError& error);

  const Services& services_;
  std::uint64_t max_bytes_;
  LogThrottle& store_log_;
  std::unique_ptr<persistence::BlobWriter> writer_;
  std::string filename_;
  imaging::ImageInfo info_;  ///< Of the picture, once it was examined.
};

}  // namespace darkroom::http
