#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

namespace darkroom::http {

/// How many uploads may be received at once. Thread-safe.
class UploadSlots {
  struct Release {
    void operator()(UploadSlots* slots) const { --slots->taken_; }
  };

 public:
  /// Gives the slot back when it goes. Must not outlive the slots.
  using Slot = std::unique_ptr<UploadSlots, Release>;

  explicit UploadSlots(std::size_t limit) : limit_(limit) {}

  /// nullptr where all are taken.
  [[nodiscard]] Slot take() {
    if (++taken_ <= limit_) return Slot{this};
    --taken_;
    return nullptr;
  }

 private:
  std::size_t limit_;
  std::atomic<std::size_t> taken_ = 0;
};

}  // namespace darkroom::http
