#include <algorithm>

#include "actors/job_query.hpp"
#include "persistence/packed_job.hpp"

namespace darkroom::actors {

std::size_t jobs_of_one_message(const std::vector<jobs::Job>& jobs) {
  constexpr std::size_t most_bytes = std::size_t{768} << 10U;
  std::size_t bytes = 0;
  std::size_t count = 0;
  while (count < jobs.size()) {
    bytes += persistence::pack_job(jobs[count]).size();
    if (bytes > most_bytes) break;
    ++count;
  }
  return jobs.empty() ? 0 : std::max<std::size_t>(count, 1);
}

}  // namespace darkroom::actors
