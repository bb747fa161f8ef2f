#pragma once

#include <cstdint>
#include <mutex>
#include <optional>

#include "jobs/timestamp.hpp"

namespace darkroom::persistence {

/// How many blobs there were, and how large, when they were counted last. Counting them takes a
/// look at each, so whoever does that anyway notes here what it saw. Thread-safe.
class BlobCensus {
 public:
  struct Count {
    std::uint64_t blobs = 0;
    std::uint64_t bytes = 0;
    jobs::Timestamp counted_at = {};

    friend bool operator==(const Count&, const Count&) = default;
  };

  void note(const Count& count) {
    const std::scoped_lock lock{mutex_};
    latest_ = count;
  }

  /// None before the first one.
  [[nodiscard]] std::optional<Count> latest() const {
    const std::scoped_lock lock{mutex_};
    return latest_;
  }

 private:
  mutable std::mutex mutex_;
  std::optional<Count> latest_;
};

}  // namespace darkroom::persistence
