#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

namespace darkroom::tools {

/// How long many things of one kind took.
class Latencies {
 public:
  struct Summary {
    std::size_t count = 0;
    double p50_ms = 0;
    double p95_ms = 0;
    double p99_ms = 0;
    double max_ms = 0;
  };

  void add(std::chrono::steady_clock::duration time);
  void add_milliseconds(float time) { milliseconds_.push_back(time); }

  [[nodiscard]] Summary summary() const;

 private:
  std::vector<float> milliseconds_;
};

}  // namespace darkroom::tools
