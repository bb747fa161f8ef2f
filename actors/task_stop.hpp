#pragma once

#include <mutex>
#include <stop_token>

#include "jobs/lease.hpp"

namespace darkroom::actors {

/// Tells a task runner that its task is not wanted any more while it blocks, on a transfer above
/// all, and so hears no messages. One for each slot, shared by the worker and its runner.
/// Thread-safe.
class TaskStop {
 public:
  /// The task of this lease begins. Asked to stop already where it was cancelled before.
  [[nodiscard]] std::stop_source begin(const jobs::LeaseToken& task) {
    const std::scoped_lock lock{mutex_};
    running_ = task;
    source_ = std::stop_source{};
    if (cancelled_ == task) source_.request_stop();
    return source_;
  }

  /// The task of this lease is not wanted any more. One that has ended does not mind.
  void cancel(const jobs::LeaseToken& task) {
    const std::scoped_lock lock{mutex_};
    cancelled_ = task;  // Its message may still be on its way to the runner.
    if (running_ == task) source_.request_stop();
  }

 private:
  std::mutex mutex_;
  jobs::LeaseToken running_;
  jobs::LeaseToken cancelled_;
  std::stop_source source_;
};

}  // namespace darkroom::actors
