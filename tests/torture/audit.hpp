#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "tests/cluster/api_client.hpp"
#include "tests/torture/chaos.hpp"
#include "tests/torture/upload_log.hpp"

namespace darkroom::torture {

/// What became of what was promised.
struct Audit {
  std::size_t acknowledged = 0;
  std::size_t completed = 0;
  std::size_t files = 0;  ///< Downloaded and decoded.
  std::size_t repeated_attempts = 0;
  std::vector<std::string> faults;  ///< Empty: everything is as it ought to be.
  /// From the death of a worker to the next attempt at the job that it had.
  std::vector<std::chrono::milliseconds> recoveries;
};

/// Waits for every acknowledged job to end, downloads and decodes all that was made, and looks for
/// jobs that are lost, there twice, or were done twice.
[[nodiscard]] Audit audit(const cluster::ApiClient& client,
                          const std::vector<Acknowledged>& uploads, const std::vector<Kill>& kills);

}  // namespace darkroom::torture
