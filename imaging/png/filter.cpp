#include "imaging/png/filter.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <vector>

namespace darkroom::imaging {
namespace {

// The loops are plain so that the compiler vectorises them; this file is built with -O3.

/// Sum of the bytes taken as signed differences: small where they will compress well.
std::uint64_t cost(const std::uint8_t* bytes, std::size_t size) {
  std::uint64_t sum = 0;
  constexpr std::size_t block = 16'384;  // What 32 bits add up without overflow, and far more.
  for (std::size_t start = 0; start < size; start += block) {
    const std::size_t end = std::min(size, start + block);
    std::uint32_t part = 0;
    for (std::size_t i = start; i < end; ++i) {
      const std::uint8_t value = bytes[i];
      part += std::min<std::uint8_t>(value, static_cast<std::uint8_t>(-value));
    }
    sum += part;
  }
  return sum;
}

void subtract(const std::uint8_t* row, const std::uint8_t* other, std::size_t size,
              std::uint8_t* out) {
  for (std::size_t i = 0; i < size; ++i)
    out[i] = static_cast<std::uint8_t>(row[i] - other[i]);
}

void subtract_average(const std::uint8_t* row, const std::uint8_t* left, const std::uint8_t* above,
                      std::size_t size, std::uint8_t* out) {
  for (std::size_t i = 0; i < size; ++i) {
    const auto sum = static_cast<std::uint16_t>(left[i] + above[i]);
    out[i] = static_cast<std::uint8_t>(row[i] - (sum >> 1U));
  }
}

std::int16_t absolute(std::int16_t value) {
  return std::max(value, static_cast<std::int16_t>(-value));
}

void subtract_paeth(const std::uint8_t* row, const std::uint8_t* left, const std::uint8_t* above,
                    const std::uint8_t* corner, std::size_t size, std::uint8_t* out) {
  for (std::size_t i = 0; i < size; ++i) {
    const auto a = static_cast<std::int16_t>(left[i]);
    const auto b = static_cast<std::int16_t>(above[i]);
    const auto c = static_cast<std::int16_t>(corner[i]);
    const auto towards_left = static_cast<std::int16_t>(b - c);
    const auto towards_above = static_cast<std::int16_t>(a - c);
    const std::int16_t to_left = absolute(towards_left);
    const std::int16_t to_above = absolute(towards_above);
    const std::int16_t to_corner =
        absolute(static_cast<std::int16_t>(towards_left + towards_above));
    const std::int16_t nearer = to_above <= to_corner ? b : c;
    const bool take_left = (to_left <= to_above) & (to_left <= to_corner);
    const std::int16_t predicted = take_left ? a : nearer;
    out[i] = static_cast<std::uint8_t>(row[i] - predicted);
  }
}

/// One row with `pixel` zeros before it, so that every byte has a left neighbour.
struct PaddedRow {
  PaddedRow(std::size_t size, std::size_t pixel) : bytes(size + pixel), start(pixel) {}

  void set(std::span<const std::uint8_t> row) {
    std::copy(row.begin(), row.end(), bytes.begin() + static_cast<std::ptrdiff_t>(start));
  }
  [[nodiscard]] const std::uint8_t* row() const { return bytes.data() + start; }
  [[nodiscard]] const std::uint8_t* left() const { return bytes.data(); }

  std::vector<std::uint8_t> bytes;
  std::size_t start;
};

}  // namespace

void filter_rows(const Plane& samples, std::uint8_t* out) {
  const std::size_t size = std::size_t{samples.width} * samples.channels;
  PaddedRow row(size, samples.channels);
  PaddedRow above(size, samples.channels);
  constexpr std::size_t filters = 5;
  std::vector<std::uint8_t> candidates(size * filters);
  std::array<std::uint8_t*, filters> filtered{};
  for (std::size_t i = 0; i < filters; ++i)
    filtered.at(i) = candidates.data() + size * i;
  for (std::uint32_t y = 0; y < samples.height; ++y) {
    row.set(samples.row(y));
    std::memcpy(filtered[0], row.row(), size);
    subtract(row.row(), row.left(), size, filtered[1]);
    subtract(row.row(), above.row(), size, filtered[2]);
    subtract_average(row.row(), row.left(), above.row(), size, filtered[3]);
    subtract_paeth(row.row(), row.left(), above.row(), above.left(), size, filtered[4]);
    std::size_t best = 0;
    std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
    for (std::size_t i = 0; i < filters; ++i) {
      const std::uint64_t sum = cost(filtered.at(i), size);
      if (sum < least) best = i;
      least = std::min(least, sum);
    }
    *out++ = static_cast<std::uint8_t>(best);
    std::memcpy(out, filtered.at(best), size);
    out += size;
    std::swap(row, above);
  }
}

}  // namespace darkroom::imaging
