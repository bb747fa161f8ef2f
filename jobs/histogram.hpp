#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace darkroom::jobs {

/// How often something took how long, in fixed buckets: those of an answer of the API and those of
/// a job that waits for hours, so that all that the service measures is cut the same.
struct Histogram {
  using Duration = std::chrono::microseconds;

  /// The longest of each bucket. What takes longer than all is in one more.
  static constexpr std::array<Duration, 20> bounds{
      Duration{500},
      std::chrono::milliseconds{1},
      Duration{2'500},
      std::chrono::milliseconds{5},
      std::chrono::milliseconds{10},
      std::chrono::milliseconds{25},
      std::chrono::milliseconds{50},
      std::chrono::milliseconds{100},
      std::chrono::milliseconds{250},
      std::chrono::milliseconds{500},
      std::chrono::seconds{1},
      std::chrono::milliseconds{2'500},
      std::chrono::seconds{5},
      std::chrono::seconds{10},
      std::chrono::seconds{30},
      std::chrono::minutes{1},
      std::chrono::minutes{5},
      std::chrono::minutes{15},
      std::chrono::hours{1},
      std::chrono::hours{6},
  };
  static constexpr std::size_t buckets = bounds.size() + 1;

  std::array<std::uint64_t, buckets> counts{};  ///< Of each bucket alone.
  std::uint64_t microseconds = 0;               ///< Of all together.

  [[nodiscard]] static std::size_t bucket_of(Duration took);

  /// What took less than nothing, by a clock that was set back, took nothing.
  void note(Duration took);

  [[nodiscard]] std::uint64_t count() const;

  friend bool operator==(const Histogram&, const Histogram&) = default;
};

}  // namespace darkroom::jobs
