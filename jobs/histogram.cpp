#include "jobs/histogram.hpp"

#include <algorithm>
#include <numeric>

namespace darkroom::jobs {

std::size_t Histogram::bucket_of(Duration took) {
  return static_cast<std::size_t>(std::ranges::lower_bound(bounds, took) - bounds.begin());
}

void Histogram::note(Duration took) {
  const auto real = std::max(took, Duration::zero());
  ++counts.at(bucket_of(real));
  microseconds += static_cast<std::uint64_t>(real.count());
}

std::uint64_t Histogram::count() const {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

}  // namespace darkroom::jobs
