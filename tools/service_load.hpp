#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "jobs/timestamp.hpp"
#include "tools/bench_input.hpp"
#include "tools/latencies.hpp"

namespace darkroom::tools {

enum class Download : std::uint8_t {
  none,
  sample,  ///< The renditions of one job in ten.
  all,
};

struct LoadOptions {
  std::string url;  ///< Of the service, without a slash at its end.
  std::size_t jobs = 0;
  std::uint32_t uploaders = 1;
  /// Uploads a second, whether earlier ones were answered or not; 0: as fast as they are taken.
  double rate = 0;
  Download download = Download::sample;
};

/// When one job of a load began and ended, by its own record.
struct JobTimes {
  jobs::Timestamp created;
  jobs::Timestamp started;  ///< Its last attempt.
  jobs::Timestamp completed;
};

/// What came of a load.
struct LoadResult {
  std::size_t completed = 0;
  double seconds = 0;  ///< From the first upload to the last job's end being seen.
  double jobs_per_second = 0;
  double accepted_per_second = 0;  ///< Uploads, while there were any to come.
  Latencies::Summary upload;       ///< From its first byte, or from when it was due, to its answer.
  Latencies::Summary seen;         ///< From there to the client's seeing the job completed.
  Latencies::Summary recorded;     ///< From creation to completion, by the job's own record.
  Latencies::Summary waited;       ///< From creation to the start of the attempt, by the same.
  Latencies::Summary worked;       ///< From that to completion.
  std::size_t downloads = 0;
  std::uint64_t retries = 0;  ///< Requests that were sent again.
  std::uint64_t status_requests = 0;
  std::uint64_t error_count = 0;
  std::vector<std::string> errors;  ///< What was wrong, the first few.
  std::vector<JobTimes> jobs;       ///< In the order of their creation.
};

/// Uploads the photographs one after the other, and waits for all jobs. Asks for the oldest job
/// that is not done, and for no other, so that asking takes next to nothing.
[[nodiscard]] LoadResult run_load(const LoadOptions& options, std::span<const BenchInput> photos);

}  // namespace darkroom::tools
