#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "jobs/job.hpp"

namespace darkroom::persistence {

/// A blob that has to be there, as a job's record describes it.
struct StoredBlob {
  std::string key;
  std::uint64_t bytes = 0;
  std::string sha256;

  friend bool operator==(const StoredBlob&, const StoredBlob&) = default;
};

/// The original and each finished rendition. What else an attempt may have written is no loss.
[[nodiscard]] std::vector<StoredBlob> stored_blobs(const jobs::Job& job);

/// Whether the job has this blob, or may have caused it.
[[nodiscard]] bool may_have_blob(const jobs::Job& job, std::string_view key);

}  // namespace darkroom::persistence
