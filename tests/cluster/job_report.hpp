#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jobs/timestamp.hpp"

namespace darkroom::cluster {

/// What the service tells about a job.
struct JobReport {
  struct Rendition {
    std::string name;
    std::string status;
    std::string url;           ///< Empty until it is made, as the members below.
    std::string content_type;  ///< Of the file at the url.
    std::uint64_t bytes = 0;
    std::uint64_t width = 0;   ///< In pixels.
    std::uint64_t height = 0;  ///< In pixels.
  };
  struct Attempt {
    std::string worker;
    std::string error;  ///< Empty for none.
    bool finished = false;
    std::string outcome;
    jobs::Timestamp started_at;
    std::optional<jobs::Timestamp> finished_at;
  };

  std::string id;
  std::string status;
  std::string error_message;  ///< Empty for none.
  std::string original_url;
  std::vector<Rendition> renditions;
  std::vector<Attempt> attempts;

  [[nodiscard]] bool is_final() const {
    return status == "completed" || status == "failed" || status == "cancelled";
  }
  /// The worker that works on the job now, if any.
  [[nodiscard]] std::optional<std::string> worker() const;
};

/// Throws std::runtime_error if `json` is no job.
[[nodiscard]] JobReport parse_job_report(const std::string& json);

/// What the service tells about a batch.
struct BatchReport {
  std::string id;
  std::string status;
  std::string completed_at;  ///< As it stands there; empty for null.
  std::uint64_t total = 0;
  std::uint64_t completed = 0;  ///< Of its jobs.
  std::uint64_t failed = 0;
};

/// Throws std::runtime_error if `json` is no batch.
[[nodiscard]] BatchReport parse_batch_report(const std::string& json);

/// A whole number that stands at the top of a JSON object; throws std::runtime_error if there is
/// none of that name.
[[nodiscard]] std::uint64_t number_in(const std::string& json, std::string_view name);

}  // namespace darkroom::cluster
