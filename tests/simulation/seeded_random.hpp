#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace darkroom::simulation {

/// The one source of chance of a run: the same seed gives the same numbers on every machine, which
/// the distributions of the standard library do not promise. The generator is SplitMix64 (Steele,
/// Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014).
class SeededRandom {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}

  [[nodiscard]] std::uint64_t next();

  /// Less than `bound`, which is at least 1.
  [[nodiscard]] std::uint64_t below(std::uint64_t bound);

  /// In [0, 1).
  [[nodiscard]] double fraction();

  [[nodiscard]] bool chance(double probability) {
    return probability > 0 && fraction() < probability;
  }

  /// From `least` to `most`, both included.
  [[nodiscard]] std::chrono::milliseconds between(std::chrono::milliseconds least,
                                                  std::chrono::milliseconds most);

  /// A wait with this mean, exponentially distributed, as between events that do not know of each
  /// other.
  [[nodiscard]] std::chrono::milliseconds wait(std::chrono::milliseconds mean);

  /// One of the values, of which there is at least one.
  template <class T>
  [[nodiscard]] const T& one_of(const std::vector<T>& values) {
    return values[static_cast<std::size_t>(below(values.size()))];
  }

 private:
  std::uint64_t state_;
};

}  // namespace darkroom::simulation
