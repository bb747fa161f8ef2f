#include "actors/cpu_meter.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

namespace darkroom::actors {
namespace {

using namespace std::chrono_literals;

/// Keeps the calling thread busy until the meter tells so much.
void burn(const CpuMeter& meter, std::chrono::nanoseconds until) {
  while (meter.used() < until) {
  }
}

TEST(CpuMeter, CountsAThreadThatIsStillAtIt) {
  CpuMeter meter;
  const CpuMeter::Running running{meter};
  burn(meter, 5ms);
  EXPECT_GE(meter.used(), 5ms);
}

TEST(CpuMeter, KeepsWhatAThreadHasDone) {
  CpuMeter meter;
  {
    const CpuMeter::Running running{meter};
    burn(meter, 5ms);
  }
  const auto used = meter.used();
  EXPECT_GE(used, 5ms);
  EXPECT_EQ(meter.used(), used);
}

TEST(CpuMeter, CountsOtherThreadsFromOutside) {
  CpuMeter meter;
  std::jthread codec{[&meter](const std::stop_token& stop) {
    const CpuMeter::Running running{meter};
    while (!stop.stop_requested()) {
    }
  }};
  // Ends only if the time of a thread that never comes back is seen.
  while (meter.used() < 20ms)
    std::this_thread::yield();
}

TEST(CpuMeter, DoesNotCountAThreadThatWaits) {
  CpuMeter meter;
  std::mutex mutex;
  std::condition_variable condition;
  bool waiting = false;
  bool done = false;
  std::jthread idle{[&] {
    const CpuMeter::Running running{meter};
    std::unique_lock lock{mutex};
    waiting = true;
    condition.notify_all();
    condition.wait(lock, [&] { return done; });
  }};
  std::unique_lock lock{mutex};
  condition.wait(lock, [&] { return waiting; });
  CpuMeter mine;
  const CpuMeter::Running running{mine};
  burn(mine, 100ms);
  EXPECT_LT(meter.used(), 50ms);
  done = true;
  condition.notify_all();
}

TEST(CpuMeter, StartsAnewForTheNextJob) {
  CpuMeter meter;
  const CpuMeter::Running running{meter};
  burn(meter, 50ms);
  meter.reset();
  EXPECT_LT(meter.used(), 50ms);
}

}  // namespace
}  // namespace darkroom::actors
