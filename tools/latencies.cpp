#include "tools/latencies.hpp"

#include <algorithm>

namespace darkroom::tools {

void Latencies::add(std::chrono::steady_clock::duration time) {
  milliseconds_.push_back(std::chrono::duration<float, std::milli>(time).count());
}

Latencies::Summary Latencies::summary() const {
  if (milliseconds_.empty()) return {};
  auto sorted = milliseconds_;
  std::ranges::sort(sorted);
  // The nearest rank: so much of all took no longer.
  const auto rank = [&](std::size_t percent) {
    return static_cast<double>(sorted[(sorted.size() * percent + 99) / 100 - 1]);
  };
  return {.count = sorted.size(),
          .p50_ms = rank(50),
          .p95_ms = rank(95),
          .p99_ms = rank(99),
          .max_ms = rank(100)};
}

}  // namespace darkroom::tools
