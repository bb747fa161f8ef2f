#include "tests/imaging/pixels/similarity.hpp"

#include <algorithm>
#include <cstdlib>

#include "imaging/pixels/luma.hpp"

namespace darkroom::imaging::testing {
namespace {

struct Window {
  std::uint32_t left;
  std::uint32_t top;
  std::uint32_t width;
  std::uint32_t height;
};

double ssim_of(const Plane& a, const Plane& b, const Window& window, std::uint32_t channel) {
  double sum_a = 0;
  double sum_b = 0;
  double squares_a = 0;
  double squares_b = 0;
  double products = 0;
  for (std::uint32_t y = window.top; y < window.top + window.height; ++y) {
    for (std::uint32_t x = window.left; x < window.left + window.width; ++x) {
      const double of_a = a.row(y)[x * a.channels + channel];
      const double of_b = b.row(y)[x * b.channels + channel];
      sum_a += of_a;
      sum_b += of_b;
      squares_a += of_a * of_a;
      squares_b += of_b * of_b;
      products += of_a * of_b;
    }
  }
  const double count = static_cast<double>(window.width) * window.height;
  const double mean_a = sum_a / count;
  const double mean_b = sum_b / count;
  const double variance_a = squares_a / count - mean_a * mean_a;
  const double variance_b = squares_b / count - mean_b * mean_b;
  const double covariance = products / count - mean_a * mean_b;
  constexpr double c1 = (0.01 * 255) * (0.01 * 255);
  constexpr double c2 = (0.03 * 255) * (0.03 * 255);
  return (2 * mean_a * mean_b + c1) * (2 * covariance + c2) /
         ((mean_a * mean_a + mean_b * mean_b + c1) * (variance_a + variance_b + c2));
}

}  // namespace

double ssim(const Plane& a, const Plane& b) {
  constexpr std::uint32_t side = 8;
  constexpr std::uint32_t step = 4;
  const std::uint32_t width = std::min(side, a.width);
  const std::uint32_t height = std::min(side, a.height);
  double sum = 0;
  double count = 0;
  for (std::uint32_t top = 0; top + height <= a.height; top += step) {
    for (std::uint32_t left = 0; left + width <= a.width; left += step) {
      for (std::uint32_t channel = 0; channel < a.channels; ++channel) {
        sum += ssim_of(a, b, {left, top, width, height}, channel);
        ++count;
      }
    }
  }
  return sum / count;
}

double ssim(const Frame& a, const Frame& b) {
  return ssim(luma_of(a).view(), luma_of(b).view());
}

double mean_shift(const Plane& a, const Plane& b) {
  double sum = 0;
  double count = 0;
  for (std::uint32_t y = 0; y < a.height; ++y) {
    for (std::size_t i = 0; i < a.row(y).size(); ++i) {
      sum += b.row(y)[i] - a.row(y)[i];
      ++count;
    }
  }
  return sum / count;
}

int largest_difference(const Plane& a, const Plane& b) {
  int largest = 0;
  for (std::uint32_t y = 0; y < a.height; ++y) {
    for (std::size_t i = 0; i < a.row(y).size(); ++i) {
      largest = std::max(largest, std::abs(b.row(y)[i] - a.row(y)[i]));
    }
  }
  return largest;
}

int largest_difference(const Frame& a, const Frame& b) {
  int largest = 0;
  for (std::size_t i = 0; i < a.plane_count(); ++i) {
    largest = std::max(largest, largest_difference(a.plane(i), b.plane(i)));
  }
  return largest;
}

bool same(const Frame& a, const Frame& b) {
  return a.size() == b.size() && a.layout() == b.layout() && a.subsampling() == b.subsampling() &&
         largest_difference(a, b) == 0;
}

}  // namespace darkroom::imaging::testing
