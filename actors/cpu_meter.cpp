#include "actors/cpu_meter.hpp"

#include <algorithm>

#include <pthread.h>

namespace darkroom::actors {
namespace {

/// The clock of the calling thread, which others can read too. A system without one (Linux always
/// has it) gives a clock that stands still.
clockid_t clock_of_this_thread() {
  clockid_t clock{};
  return pthread_getcpuclockid(pthread_self(), &clock) == 0 ? clock : clockid_t{-1};
}

std::chrono::nanoseconds now(clockid_t clock) {
  timespec time{};
  if (clock_gettime(clock, &time) != 0) return {};
  return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

}  // namespace

CpuMeter::Running::Running(CpuMeter& meter) : meter_(meter) {
  const clockid_t clock = clock_of_this_thread();
  const std::lock_guard lock{meter_.mutex_};
  meter_.threads_.push_back({this, clock, now(clock)});
}

CpuMeter::Running::~Running() {
  const std::lock_guard lock{meter_.mutex_};
  const auto thread = std::ranges::find(meter_.threads_, this, &Thread::running);
  meter_.done_ += now(thread->clock) - thread->since;
  meter_.threads_.erase(thread);
}

void CpuMeter::reset() {
  const std::lock_guard lock{mutex_};
  done_ = {};
  for (Thread& thread : threads_)
    thread.since = now(thread.clock);
}

std::chrono::nanoseconds CpuMeter::used() const {
  const std::lock_guard lock{mutex_};
  auto used = done_;
  for (const Thread& thread : threads_)
    used += now(thread.clock) - thread.since;
  return used;
}

}  // namespace darkroom::actors
