#include "imaging/pixels/resample_plane.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "imaging/pixels/vectorised.hpp"

namespace darkroom::imaging {
namespace {

/// How many weights the inner loops take at a time.
constexpr std::uint32_t across_padding = 8;
constexpr std::uint32_t down_padding = 2;

void cut_out(const Plane& source, const PlaneWeights& weights, PlaneBuffer& out) {
  const std::size_t left = std::size_t{weights.across.copied_from()} * source.channels;
  for (std::uint32_t y = 0; y < out.height(); ++y) {
    const std::uint8_t* from = source.row(weights.down.copied_from() + y).data() + left;
    std::copy_n(from, std::size_t{out.width()} * source.channels, out.row(y));
  }
}

/// What the vertical pass gives for one source row alone.
DARKROOM_VECTORISED void widen(const std::uint8_t* row, std::size_t count, std::int16_t* out) {
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = static_cast<std::int16_t>(row[i] << between_bits);
  }
}

/// What the horizontal pass gives where each output is one sample.
DARKROOM_VECTORISED void narrow(const std::int16_t* row, std::size_t count, std::uint8_t* out) {
  for (std::size_t i = 0; i < count; ++i) {
    const int value = (row[i] + (1 << (between_bits - 1))) >> between_bits;
    out[i] = static_cast<std::uint8_t>(std::min(std::max(value, 0), 255));
  }
}

/// The vertical pass, two rows at a time.
class Blender {
 public:
  Blender(const Plane& source, const PlaneWeights& weights, const RowPasses& passes)
      : source_(source),
        down_(weights.down),
        passes_(passes),
        left_(std::size_t{weights.across.begin()} * source.channels),
        count_(std::size_t{weights.across.end() - weights.across.begin()} * source.channels),
        stride_(count_ + weights.across.taps()),
        blended_(2 * stride_) {
    for (std::uint32_t y = 0; y < down_.count(); y += 2) {
      const auto [low, high] = std::minmax({down_.first(y), down_.first(last_of(y))});
      taps_ = std::max(taps_, high - low + down_.taps());
    }
    taps_ += taps_ % 2;
    weights_.resize(2 * std::size_t{taps_});
    rows_.resize(taps_);
  }

  /// Rows y (even) and y + 1, where there is one. They lie in row(0) and row(1).
  void blend(std::uint32_t y) {
    if (down_.copies()) {
      for (std::uint32_t k = 0; k <= last_of(y) - y; ++k) {
        const std::uint32_t row = down_.copied_from() + y + k;
        widen(source_.row(row).data() + left_, count_, row_at(k));
      }
      return;
    }
    // Past the picture's edge, where it is mirrored, the lower row may begin above the upper one.
    const std::uint32_t first = std::min(down_.first(y), down_.first(last_of(y)));
    std::ranges::fill(weights_, std::int16_t{0});
    for (std::uint32_t k = 0; k <= last_of(y) - y; ++k) {
      std::copy_n(down_.weights(y + k), down_.taps(),
                  weights_.data() + std::size_t{k} * taps_ + (down_.first(y + k) - first));
    }
    for (std::uint32_t t = 0; t < taps_; ++t) {
      const std::uint32_t row = std::min(down_.begin() + first + t, source_.height - 1);
      rows_[t] = source_.row(row).data() + left_;
    }
    passes_.blend_bytes(rows_.data(), {weights_.data(), weights_.data() + taps_}, taps_, count_,
                        {row_at(0), row_at(1)});
  }

  [[nodiscard]] const std::int16_t* row(std::uint32_t k) const {
    return blended_.data() + k * stride_;
  }

 private:
  [[nodiscard]] std::uint32_t last_of(std::uint32_t y) const {
    return std::min(y + 1, down_.count() - 1);
  }
  std::int16_t* row_at(std::uint32_t k) { return blended_.data() + k * stride_; }

  const Plane& source_;
  const AxisWeights& down_;
  const RowPasses& passes_;
  std::size_t left_;
  std::size_t count_;
  std::size_t stride_;
  std::uint32_t taps_ = 0;  ///< Of both rows together.
  std::vector<std::int16_t> blended_;
  std::vector<std::int16_t> weights_;
  std::vector<const std::uint8_t*> rows_;
};

/// The horizontal pass for one channel, or for three that are interleaved.
class Filter {
 public:
  Filter(const Plane& source, const AxisWeights& across, const RowPasses& passes)
      : across_(across),
        passes_(passes),
        channels_(source.channels),
        source_pixels_(across.end() - across.begin()) {
    if (channels_ == 1 || across.copies()) return;
    words_.resize(3 * (source_pixels_ + across.taps()));
    bytes_.resize(3 * std::size_t{across.count()});
  }

  void filter(const std::int16_t* row, std::uint8_t* out) {
    if (across_.copies()) {
      const std::size_t skipped = across_.copied_from() - across_.begin();
      return narrow(row + skipped * channels_, std::size_t{across_.count()} * channels_, out);
    }
    if (channels_ == 1) return passes_.filter_to_bytes(row, across_, out);
    passes_.split_words(row, source_pixels_, {words(0), words(1), words(2)});
    for (std::size_t channel = 0; channel < 3; ++channel) {
      passes_.filter_to_bytes(words(channel), across_, bytes(channel));
    }
    passes_.join_bytes({bytes(0), bytes(1), bytes(2)}, across_.count(), out);
  }

 private:
  std::int16_t* words(std::size_t channel) {
    return words_.data() + channel * (source_pixels_ + across_.taps());
  }
  std::uint8_t* bytes(std::size_t channel) { return bytes_.data() + channel * across_.count(); }

  const AxisWeights& across_;
  const RowPasses& passes_;
  std::size_t channels_;
  std::size_t source_pixels_;
  std::vector<std::int16_t> words_;
  std::vector<std::uint8_t> bytes_;
};

}  // namespace

PlaneWeights::PlaneWeights(const Plane& source, const Region& region, Size size)
    : across(source.width, region.left, region.width, size.width, across_padding),
      down(source.height, region.top, region.height, size.height, down_padding) {}

void resample_plane(const Plane& source, const PlaneWeights& weights, PlaneBuffer& out,
                    const RowPasses& passes) {
  if (weights.copies()) return cut_out(source, weights, out);
  Blender blender(source, weights, passes);
  Filter filter(source, weights.across, passes);
  for (std::uint32_t y = 0; y < out.height(); y += 2) {
    blender.blend(y);
    filter.filter(blender.row(0), out.row(y));
    if (y + 1 < out.height()) filter.filter(blender.row(1), out.row(y + 1));
  }
}

}  // namespace darkroom::imaging
