#include "nodes/temporary_sweeper.hpp"

#include <spdlog/spdlog.h>

#include "jobs/timestamp.hpp"

namespace darkroom::nodes {

TemporarySweeper::TemporarySweeper(persistence::BlobStore& blobs,
                                   std::chrono::milliseconds interval,
                                   std::chrono::milliseconds age)
    : blobs_(blobs),
      interval_(interval),
      age_(age),
      thread_([this](const std::stop_token& stop) { sweep_until_stopped(stop); }) {}

void TemporarySweeper::sweep_until_stopped(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (const auto swept = blobs_.remove_stale_temporaries(jobs::system_now() - age_); !swept) {
      spdlog::warn("stale temporary files cannot be removed: {}", swept.error().message);
    }
    std::unique_lock lock{mutex_};
    wake_.wait_for(lock, stop, interval_, [] { return false; });
  }
}

}  // namespace darkroom::nodes
