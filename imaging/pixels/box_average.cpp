#include "imaging/pixels/box_average.hpp"

#include "imaging/pixels/vectorised.hpp"

namespace darkroom::imaging {
namespace {

constexpr std::uint32_t sixteenths = 16;

std::uint16_t average(const std::uint16_t* sums, std::size_t across, std::size_t rows) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < across; ++i) {
    sum += sums[i];
  }
  const auto count = static_cast<std::uint32_t>(across * rows);
  return static_cast<std::uint16_t>((sum * sixteenths + count / 2) / count);
}

/// `factor` is 16 / (across x rows), which divides without remainder.
DARKROOM_VECTORISED void scale_singles(const std::uint16_t* sums, std::size_t count,
                                       std::uint16_t factor, std::uint16_t* out) {
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = static_cast<std::uint16_t>(sums[i] * factor);
  }
}

DARKROOM_VECTORISED void scale_pairs(const std::uint16_t* sums, std::size_t count,
                                     std::uint16_t factor, std::uint16_t* out) {
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = static_cast<std::uint16_t>((sums[2 * i] + sums[2 * i + 1]) * factor);
  }
}

}  // namespace

DARKROOM_VECTORISED void add_bytes(const std::uint8_t* from, std::size_t count,
                                   std::uint16_t* sums) {
  for (std::size_t i = 0; i < count; ++i) {
    sums[i] = static_cast<std::uint16_t>(sums[i] + from[i]);
  }
}

void average_blocks(const std::uint16_t* sums, std::size_t samples, std::size_t across,
                    std::size_t rows, std::uint16_t* out) {
  std::size_t done = 0;
  const bool whole = sixteenths % (across * rows) == 0;
  const auto factor = static_cast<std::uint16_t>(sixteenths / (across * rows));
  if (whole && across <= 2) {
    done = samples / across;
    (across == 1 ? scale_singles : scale_pairs)(sums, done, factor, out);
  }
  for (; (done + 1) * across <= samples; ++done) {
    out[done] = average(sums + done * across, across, rows);
  }
  if (done * across < samples) {
    out[done] = average(sums + done * across, samples - done * across, rows);
  }
}

}  // namespace darkroom::imaging
