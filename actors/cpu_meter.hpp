#pragma once

#include <chrono>
#include <mutex>
#include <vector>

#include <time.h>

namespace darkroom::actors {

/// The CPU time that the threads of one slot have spent on its job: of what they have done, and of
/// what they are at, so that a codec which never comes back is seen from outside. Thread-safe.
class CpuMeter {
 public:
  /// Counts the thread that made it, until its end; must end on the same thread, before the meter.
  class Running {
   public:
    explicit Running(CpuMeter& meter);
    ~Running();
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

   private:
    CpuMeter& meter_;
  };

  /// A new job: counts from nothing, also for threads that are at work now.
  void reset();

  [[nodiscard]] std::chrono::nanoseconds used() const;

 private:
  struct Thread {
    const Running* running;
    clockid_t clock;
    std::chrono::nanoseconds since;
  };

  mutable std::mutex mutex_;
  std::chrono::nanoseconds done_{0};
  std::vector<Thread> threads_;
};

}  // namespace darkroom::actors
