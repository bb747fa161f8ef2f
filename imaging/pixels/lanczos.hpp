#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace darkroom::imaging {

/// What each output sample along one axis is made of: the weights of Lanczos3, that is
/// sinc(x) sinc(x / 3) for |x| < 3 (Duchon, Journal of Applied Meteorology 18, 1979), widened by
/// the scale when shrinking. Beyond its ends the axis is taken as mirrored, the outermost sample
/// included, so that no edge sample counts for more than it shows.
///
/// Weights are fixed-point numbers that sum up to `one` exactly; what rounding leaves over goes to
/// the next weight, so that neither brightness nor position shifts. They are computed with the
/// basic operations of IEEE 754 alone and are therefore the same on every CPU.
class AxisWeights {
 public:
  static constexpr int fraction_bits = 14;
  static constexpr std::int16_t one = 1 << fraction_bits;

  /// `count` outputs share the stretch [begin, begin + length) of an axis of `samples` samples. The
  /// weights of an output are filled up with zeros to a multiple of `padding`.
  AxisWeights(std::uint32_t samples, double begin, double length, std::uint32_t count,
              std::uint32_t padding);

  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(firsts_.size()); }
  /// Weights of each output, padding included.
  [[nodiscard]] std::uint32_t taps() const { return taps_; }
  /// The source samples [begin, end) are all that is read.
  [[nodiscard]] std::uint32_t begin() const { return begin_; }
  [[nodiscard]] std::uint32_t end() const { return end_; }
  /// Where the first weight of an output belongs, counted from begin(). Padding may lie past end().
  [[nodiscard]] std::uint32_t first(std::uint32_t output) const { return firsts_[output]; }
  /// The same for all outputs: inner loops do without the check of each index.
  [[nodiscard]] const std::uint32_t* firsts() const { return firsts_.data(); }
  [[nodiscard]] const std::int16_t* weights(std::uint32_t output) const {
    return weights_.data() + std::size_t{output} * taps_;
  }
  /// Output i is the source sample copied_from() + i, unchanged.
  [[nodiscard]] bool copies() const { return copies_; }
  [[nodiscard]] std::uint32_t copied_from() const { return copied_from_; }

 private:
  std::uint32_t taps_ = 0;
  std::uint32_t begin_ = 0;
  std::uint32_t end_ = 0;
  bool copies_ = false;
  std::uint32_t copied_from_ = 0;
  std::vector<std::uint32_t> firsts_;
  std::vector<std::int16_t> weights_;
};

}  // namespace darkroom::imaging
