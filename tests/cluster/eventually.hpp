#pragma once

#include <chrono>
#include <thread>

namespace darkroom::cluster {

/// For what takes moments but may take long on a busy machine or under a sanitizer.
inline constexpr std::chrono::seconds patience{60};

/// Asks `condition` again and again until it holds; false if it does not within `timeout`.
template <class Condition>
[[nodiscard]] bool eventually(const Condition& condition,
                              std::chrono::milliseconds timeout = patience) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  return true;
}

}  // namespace darkroom::cluster
