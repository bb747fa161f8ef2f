#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jobs/timestamp.hpp"

namespace darkroom::tools {

/// What a client reads of a job in the answers of the API.
struct JobDocument {
  struct Rendition {
    std::string name;
    std::string url;  ///< Empty until it is completed; so are the rest.
    std::string content_type;
    std::uint64_t bytes = 0;
    std::uint32_t width = 0;
    std::uint32_t height = 0;
  };

  std::string id;
  std::string status;
  std::string error_message;
  std::string original_sha256;
  std::optional<jobs::Timestamp> created;
  std::optional<jobs::Timestamp> completed;  ///< Or failed, or cancelled.
  std::optional<jobs::Timestamp> started;    ///< Its last attempt.
  std::size_t attempts = 0;
  std::vector<Rendition> renditions;

  [[nodiscard]] bool is_final() const {
    return status == "completed" || status == "failed" || status == "cancelled";
  }
};

/// None where the text is no job.
[[nodiscard]] std::optional<JobDocument> read_job(std::string_view json);

}  // namespace darkroom::tools
