#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "imaging/pixels/lanczos.hpp"

namespace darkroom::imaging {

/// Fractional bits of a row between the vertical and the horizontal pass. Lanczos3 overshoots by
/// at most 28 % (255 x 1.28 x 64 = 20,890 fits 16 bits).
inline constexpr int between_bits = 6;

/// The inner loops of resampling and of the conversions, on whole rows. All implementations give
/// the same bytes.
struct RowPasses {
  /// out[k][i] = sum over t of weights[k][t] * rows[t][i], with between_bits. Two rows at once,
  /// because they share most of what they are made of. `taps` is even.
  void (*blend_bytes)(const std::uint8_t* const* rows,
                      const std::array<const std::int16_t*, 2>& weights, std::uint32_t taps,
                      std::size_t count, const std::array<std::int16_t*, 2>& out);

  /// sums[i] += sum over t of weights[t] * rows[t][i]. `taps` is even.
  void (*add_words)(const std::int16_t* const* rows, const std::int16_t* weights,
                    std::uint32_t taps, std::size_t count, std::int32_t* sums);

  /// across.count() outputs from a row whose first sample is across.begin(), and which holds
  /// across.taps() more samples than across needs, of any value. `across` is padded to 8.
  /// The row has between_bits; the outputs have none and are rounded and saturated.
  void (*filter_to_bytes)(const std::int16_t* row, const AxisWeights& across, std::uint8_t* out);

  /// The same, with the bits left as they are.
  void (*filter_to_words)(const std::int16_t* row, const AxisWeights& across, std::int16_t* out);

  /// Interleaved samples of three channels to three rows and back.
  void (*split_words)(const std::int16_t* interleaved, std::size_t pixels,
                      const std::array<std::int16_t*, 3>& rows);
  void (*split_bytes)(const std::uint8_t* interleaved, std::size_t pixels,
                      const std::array<std::uint8_t*, 3>& rows);
  void (*join_bytes)(const std::array<const std::uint8_t*, 3>& rows, std::size_t pixels,
                     std::uint8_t* interleaved);
};

[[nodiscard]] const RowPasses& portable_passes();

/// Null where this CPU, or the kind of CPU we are built for, lacks AVX2.
[[nodiscard]] const RowPasses* avx2_passes();

/// The fastest that this CPU runs.
[[nodiscard]] const RowPasses& fastest_passes();

}  // namespace darkroom::imaging
