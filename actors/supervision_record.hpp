#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "jobs/timestamp.hpp"

namespace darkroom::actors {

/// How it stands with the children of a supervisor, for whoever asks: readiness, metrics,
/// heartbeats. Written by the supervisor; thread-safe.
class SupervisionRecord {
 public:
  struct Child {
    std::string name;
    std::uint64_t restarts = 0;  ///< Since the supervisor began.
    /// It failed too often in a window, and has not run calmly since.
    bool failing = false;

    friend bool operator==(const Child&, const Child&) = default;
  };

  /// `calm`: a child that has run for so long is not failing any more.
  explicit SupervisionRecord(std::chrono::milliseconds calm) : calm_(calm) {}

  void started(const std::string& child, jobs::SteadyTime now);
  /// It ended without being asked to; `too_often` for the window.
  void failed(const std::string& child, bool too_often);

  /// By name.
  [[nodiscard]] std::vector<Child> children(jobs::SteadyTime now) const;
  [[nodiscard]] std::uint64_t restarts() const;

 private:
  struct Entry {
    std::uint64_t starts = 0;
    bool failing = false;
    std::optional<jobs::SteadyTime> running_since;
  };

  std::chrono::milliseconds calm_;
  mutable std::mutex mutex_;
  std::map<std::string, Entry> children_;  ///< Guarded by mutex_.
};

}  // namespace darkroom::actors
