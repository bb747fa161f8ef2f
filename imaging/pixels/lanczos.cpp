#include "imaging/pixels/lanczos.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace darkroom::imaging {
namespace {

constexpr double lobes = 3;

struct Turn {
  double sine;
  double cosine;
};

/// Sine and cosine of an angle in [-pi, pi] by their series for half of it; std::sin may differ in
/// its last bit from one CPU to another.
Turn turn_of(double angle) {
  constexpr std::size_t terms = 11;
  constexpr auto inverse = [] {
    std::array<double, 2 * terms + 2> table{};
    for (std::size_t k = 1; k < table.size(); ++k) {
      table.at(k) = 1.0 / static_cast<double>(k * (k + 1));
    }
    return table;
  }();
  const double half = angle / 2;
  const double square = half * half;
  double sine = 1;
  double cosine = 1;
  for (std::size_t k = terms; k > 0; --k) {
    sine = 1 - square * inverse[2 * k] * sine;
    cosine = 1 - square * inverse[2 * k - 1] * cosine;
  }
  sine *= half;
  return {2 * sine * cosine, cosine * cosine - sine * sine};
}

std::uint32_t mirrored(std::int64_t index, std::uint32_t samples) {
  if (index >= 0 && index < samples) return static_cast<std::uint32_t>(index);
  const std::int64_t period = 2 * std::int64_t{samples};
  const std::int64_t in_period = ((index % period) + period) % period;
  return static_cast<std::uint32_t>(in_period < samples ? in_period : period - 1 - in_period);
}

/// The samples that one output sees, before any of them is mirrored.
struct Window {
  std::int64_t low;
  std::int64_t high;  ///< included
};

/// Where the window lies once it is mirrored into the axis.
std::pair<std::uint32_t, std::uint32_t> inside(Window window, std::uint32_t samples) {
  const std::int64_t last = std::int64_t{samples} - 1;
  std::int64_t low = std::clamp<std::int64_t>(window.low, 0, last);
  std::int64_t high = std::clamp<std::int64_t>(window.high, 0, last);
  if (window.low < 0) high = std::max(high, std::min(last, -1 - window.low));
  if (window.high > last) {
    low = std::min(low, std::max<std::int64_t>(0, 2 * last + 1 - window.high));
  }
  return {static_cast<std::uint32_t>(low), static_cast<std::uint32_t>(high)};
}

/// Adds the filter's values to `sums`, whose first element is the sample `first`. `step` is the
/// angle from one sample to the next, `by_step` its sine and cosine.
void add_filter(Window window, double centre, double step, Turn by_step, std::uint32_t samples,
                std::uint32_t first, std::vector<double>& sums) {
  Turn turn = turn_of((static_cast<double>(window.low) + 0.5 - centre) * step);
  for (std::int64_t sample = window.low; sample <= window.high; ++sample) {
    const double angle = (static_cast<double>(sample) + 0.5 - centre) * step;
    const double sine = turn.sine;
    // sin 3a = 3 sin a - 4 sin^3 a, so that one sine gives both factors of the filter.
    const double value =
        std::abs(angle) < 1e-7 ? 1.0 : sine * sine * (3 - 4 * sine * sine) / (3 * angle * angle);
    sums[mirrored(sample, samples) - first] += value;
    turn = {sine * by_step.cosine + turn.cosine * by_step.sine,
            turn.cosine * by_step.cosine - sine * by_step.sine};
  }
}

void round_to_one(const std::vector<double>& sums, std::int16_t* weights) {
  const double to_one = AxisWeights::one / std::accumulate(sums.begin(), sums.end(), 0.0);
  double left_over = 0;
  for (const double sum : sums) {
    const double exact = sum * to_one + left_over;
    // A double of this size has no room for a fraction: adding it rounds to the nearest.
    constexpr double coarse = 1.5 * (1LL << 52);
    const double rounded = (exact + coarse) - coarse;
    left_over = exact - rounded;
    *weights++ = static_cast<std::int16_t>(rounded);
  }
}

}  // namespace

AxisWeights::AxisWeights(std::uint32_t samples, double begin, double length, std::uint32_t count,
                         std::uint32_t padding)
    : begin_(samples), firsts_(count) {
  const double scale = length / count;
  const double stretch = std::max(scale, 1.0);
  const double support = lobes * stretch;
  const auto widest = static_cast<std::int64_t>(std::ceil(2 * support));
  const auto most = static_cast<std::uint32_t>(std::min<std::int64_t>(widest, samples));
  taps_ = (most + padding - 1) / padding * padding;
  weights_.resize(std::size_t{count} * taps_);
  copies_ = length == count && begin >= 0 && begin == std::floor(begin) &&
            begin + length <= static_cast<double>(samples);
  if (copies_) copied_from_ = static_cast<std::uint32_t>(begin);
  const double step = std::numbers::pi / (lobes * stretch);
  const Turn by_step = turn_of(step);
  std::vector<double> sums;
  for (std::uint32_t i = 0; i < count; ++i) {
    const double centre = begin + (i + 0.5) * scale;
    Window window{.low = static_cast<std::int64_t>(std::floor(centre - support - 0.5)) + 1,
                  .high = static_cast<std::int64_t>(std::ceil(centre + support - 0.5)) - 1};
    window.high = std::min(window.high, window.low + widest - 1);
    const auto [first, last] = inside(window, samples);
    sums.assign(std::size_t{last} - first + 1, 0.0);
    add_filter(window, centre, step, by_step, samples, first, sums);
    round_to_one(sums, weights_.data() + std::size_t{i} * taps_);
    firsts_[i] = first;
    begin_ = std::min(begin_, first);
    end_ = std::max(end_, last + 1);
  }
  for (std::uint32_t& first : firsts_) {
    first -= begin_;
  }
}

}  // namespace darkroom::imaging
