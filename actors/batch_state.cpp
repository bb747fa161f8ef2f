#include "actors/batch_state.hpp"

#include <algorithm>
#include <utility>

namespace darkroom::actors {

BatchState state_of(jobs::Batch batch, const std::vector<jobs::Job>& jobs) {
  BatchState state{.batch = std::move(batch)};
  for (const auto& job : jobs) {
    ++state.counts.at(static_cast<std::size_t>(job.status));
    if (is_final(job.status)) state.revision = std::max(state.revision, job.revision);
  }
  return state;
}

}  // namespace darkroom::actors
