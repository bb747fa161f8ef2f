#include "imaging/pixels/resample_wide.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "imaging/pixels/light.hpp"
#include "imaging/pixels/vectorised.hpp"

namespace darkroom::imaging {
namespace {

using Word = std::int16_t;

/// A wide sample of 100 is one step of 8 bits, and wide_one, the largest, leaves room for what
/// Lanczos3 overshoots.
constexpr std::int32_t wide_step = 100;
static_assert(wide_step * 255 == wide_one);

/// The row's channels one behind the other, premultiplied.
template <std::size_t Channels, bool Alpha>
DARKROOM_VECTORISED void widen(const std::uint8_t* row, std::size_t pixels, Word* out) {
  constexpr std::size_t colours = Alpha ? Channels - 1 : Channels;
  for (std::size_t c = 0; c < colours; ++c) {
    for (std::size_t i = 0; i < pixels; ++i) {
      const std::int32_t alpha = Alpha ? row[i * Channels + colours] : 255;
      out[c * pixels + i] =
          static_cast<Word>((row[i * Channels + c] * alpha * wide_step + 127) / 255);
    }
  }
  if (!Alpha) return;
  for (std::size_t i = 0; i < pixels; ++i) {
    out[colours * pixels + i] = static_cast<Word>(row[i * Channels + colours] * wide_step);
  }
}

void widen_linear(const std::uint8_t* row, std::size_t pixels, std::size_t channel_count,
                  bool alpha, Word* out) {
  const auto& light = light_table();
  const std::size_t colours = alpha ? channel_count - 1 : channel_count;
  for (std::size_t i = 0; i < pixels; ++i) {
    const std::uint8_t* pixel = row + i * channel_count;
    const std::int32_t weight = alpha ? pixel[colours] : 255;
    for (std::size_t c = 0; c < colours; ++c) {
      out[c * pixels + i] = static_cast<Word>((light[pixel[c]] * weight + 127) / 255);
    }
    if (alpha) out[colours * pixels + i] = static_cast<Word>(weight * wide_step);
  }
}

/// Source rows, widened when they are first asked for; the last few are kept.
class WideRows {
 public:
  WideRows(const Frame& frame, const AxisWeights& across, bool linear, std::uint32_t kept)
      : frame_(frame),
        left_(std::size_t{across.begin()} * channels(frame.layout())),
        pixels_(across.end() - across.begin()),
        stride_(pixels_ * channels(frame.layout())),
        linear_(linear),
        held_(kept, std::numeric_limits<std::uint32_t>::max()),
        words_(stride_ * kept) {}

  [[nodiscard]] std::size_t stride() const { return stride_; }

  const Word* row(std::uint32_t y) {
    const std::size_t slot = y % held_.size();
    Word* const words = words_.data() + slot * stride_;
    if (held_[slot] != y) {
      convert(frame_.plane(0).row(y).data() + left_, words);
      held_[slot] = y;
    }
    return words;
  }

 private:
  void convert(const std::uint8_t* from, Word* to) const {
    const PixelLayout layout = frame_.layout();
    if (linear_) return widen_linear(from, pixels_, channels(layout), has_alpha(layout), to);
    // Without alpha nothing but linear light comes this way.
    if (layout == PixelLayout::grey_alpha) return widen<2, true>(from, pixels_, to);
    widen<4, true>(from, pixels_, to);
  }

  const Frame& frame_;
  std::size_t left_;
  std::size_t pixels_;
  std::size_t stride_;
  bool linear_;
  std::vector<std::uint32_t> held_;
  std::vector<Word> words_;
};

DARKROOM_VECTORISED void round_sums(const std::vector<std::int32_t>& sums, Word* out) {
  constexpr int shift = AxisWeights::fraction_bits;
  using Limits = std::numeric_limits<Word>;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const std::int32_t value = (sums[i] + (1 << (shift - 1))) >> shift;
    out[i] = static_cast<Word>(std::clamp<std::int32_t>(value, Limits::min(), Limits::max()));
  }
}

std::uint8_t to_byte(std::int32_t wide, bool linear) {
  if (linear) return encoded_light(wide);
  return static_cast<std::uint8_t>((wide + wide_step / 2) / wide_step);
}

/// Undoes widening for a row whose channels lie one behind the other.
void narrow(const Word* row, std::size_t pixels, std::size_t channel_count, bool alpha, bool linear,
            std::uint8_t* out) {
  const std::size_t colours = alpha ? channel_count - 1 : channel_count;
  for (std::size_t i = 0; i < pixels; ++i, out += channel_count) {
    const std::int32_t cover =
        alpha ? std::clamp<std::int32_t>(row[colours * pixels + i], 0, wide_one) : wide_one;
    const std::uint8_t cover_byte = to_byte(cover, false);
    for (std::size_t c = 0; c < colours; ++c) {
      const std::int32_t premultiplied = std::clamp<std::int32_t>(row[c * pixels + i], 0, cover);
      const std::int32_t straight = cover == wide_one || cover == 0
                                        ? premultiplied
                                        : (premultiplied * wide_one + cover / 2) / cover;
      out[c] = cover_byte == 0 ? std::uint8_t{0} : to_byte(straight, linear);
    }
    if (alpha) out[colours] = cover_byte;
  }
}

}  // namespace

void resample_wide(const Frame& frame, const PlaneWeights& weights, bool linear_light,
                   PlaneBuffer& out, const RowPasses& passes) {
  // Rows of a tall picture that becomes a tiny one are widened several times rather than kept all.
  constexpr std::uint32_t most_rows = 128;
  const auto& [across, down] = weights;
  const std::size_t channel_count = channels(frame.layout());
  const std::size_t columns = across.end() - across.begin();
  WideRows source(frame, across, linear_light, std::min(down.taps() + 1, most_rows));
  std::vector<const Word*> rows(std::min(down.taps(), most_rows));
  std::vector<std::int32_t> sums(source.stride());
  std::vector<Word> blended(source.stride() + across.taps());
  std::vector<Word> filtered(channel_count * across.count());
  for (std::uint32_t y = 0; y < out.height(); ++y) {
    std::ranges::fill(sums, 0);
    for (std::uint32_t begin = 0; begin < down.taps(); begin += most_rows) {
      const std::uint32_t taps = std::min(most_rows, down.taps() - begin);
      for (std::uint32_t t = 0; t < taps; ++t) {
        const std::uint32_t row = down.begin() + down.first(y) + begin + t;
        rows[t] = source.row(std::min(row, frame.height() - 1));
      }
      passes.add_words(rows.data(), down.weights(y) + begin, taps, source.stride(), sums.data());
    }
    round_sums(sums, blended.data());
    for (std::size_t c = 0; c < channel_count; ++c) {
      passes.filter_to_words(blended.data() + c * columns, across,
                             filtered.data() + c * across.count());
    }
    narrow(filtered.data(), across.count(), channel_count, has_alpha(frame.layout()), linear_light,
           out.row(y));
  }
}

}  // namespace darkroom::imaging
