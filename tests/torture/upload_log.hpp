#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace darkroom::torture {

/// An upload that the service has acknowledged: it owes its sender the outcome.
struct Acknowledged {
  std::string job;
  std::string key;  ///< Its idempotency key.
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

/// What the uploaders were promised. Thread-safe.
class UploadLog {
 public:
  void add(Acknowledged upload) {
    const std::scoped_lock lock{mutex_};
    uploads_.push_back(std::move(upload));
  }

  [[nodiscard]] std::vector<Acknowledged> all() const {
    const std::scoped_lock lock{mutex_};
    return uploads_;
  }

  [[nodiscard]] std::size_t size() const {
    const std::scoped_lock lock{mutex_};
    return uploads_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Acknowledged> uploads_;  ///< Guarded by mutex_.
};

}  // namespace darkroom::torture
