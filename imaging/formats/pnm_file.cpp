#include "imaging/formats/pnm_file.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "imaging/formats/byte_reader.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

constexpr std::uint32_t largest_number = 999'999'999;

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// Reads the numbers of the header, which white space and comments stand between.
class PnmText {
 public:
  explicit PnmText(std::string_view text) : text_(text) {}

  std::optional<std::uint32_t> number() {
    skip_space();
    std::uint32_t value = 0;
    const std::size_t start = position_;
    while (position_ < text_.size() && text_[position_] >= '0' && text_[position_] <= '9') {
      value = value * 10 + static_cast<std::uint32_t>(text_[position_++] - '0');
      if (value > largest_number / 10) break;
    }
    if (position_ == start) return std::nullopt;
    return value;
  }

  /// The single white space between the header and the pixels.
  bool take_space() { return position_ < text_.size() && is_space(text_[position_++]); }

  [[nodiscard]] std::size_t position() const { return position_; }

 private:
  void skip_space() {
    while (position_ < text_.size() && (is_space(text_[position_]) || text_[position_] == '#')) {
      if (text_[position_] == '#') {
        position_ = std::min(text_.find('\n', position_), text_.size());
      } else {
        ++position_;
      }
    }
  }

  std::string_view text_;
  std::size_t position_ = 2;
};

struct PnmHeader {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint32_t maximum = 0;
  PixelLayout layout = PixelLayout::rgb;
  std::size_t pixels = 0;  ///< Offset.
};

tl::expected<PnmHeader, Error> parse(std::span<const std::byte> file) {
  const auto kind = std::to_integer<char>(file[1]);
  if (kind != '5' && kind != '6') {
    return unsupported(kind == '7' ? "a PAM" : "a bitmap or a PNM written as text");
  }
  PnmText text(as_text(file));
  const auto width = text.number();
  const auto height = width ? text.number() : std::nullopt;
  const auto maximum = height ? text.number() : std::nullopt;
  if (!maximum || !text.take_space() || *maximum == 0 || *maximum > 65'535) {
    return corrupt("the PNM header is damaged");
  }
  return PnmHeader{.width = *width,
                   .height = *height,
                   .maximum = *maximum,
                   .layout = kind == '5' ? PixelLayout::grey : PixelLayout::rgb,
                   .pixels = text.position()};
}

/// Samples of one byte, or of two with the high byte first, scaled from 0..maximum to 0..255.
std::vector<std::uint8_t> scale(std::span<const std::byte> data, std::size_t count,
                                std::uint32_t maximum) {
  std::vector<std::uint8_t> samples(count);
  const bool wide = maximum > 255;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t value = std::to_integer<std::uint32_t>(data[wide ? 2 * i : i]);
    if (wide) value = (value << 8U) | std::to_integer<std::uint32_t>(data[2 * i + 1]);
    const std::uint32_t scaled = (std::min(value, maximum) * 255U + maximum / 2U) / maximum;
    samples[i] = static_cast<std::uint8_t>(scaled);
  }
  return samples;
}

}  // namespace

bool is_pnm(std::span<const std::byte> file) {
  if (file.size() < 3) return false;
  const auto text = as_text(file.first(3));
  return text[0] == 'P' && text[1] >= '1' && text[1] <= '7' &&
         (is_space(text[2]) || text[2] == '#');
}

tl::expected<FileHeader, Error> read_pnm_header(std::span<const std::byte> file) {
  const auto header = parse(file);
  if (!header) return tl::unexpected(header.error());
  return FileHeader{.width = header->width,
                    .height = header->height,
                    .stored = {.channels = channels(header->layout)}};
}

tl::expected<FramePtr, Error> decode_pnm(std::span<const std::byte> file) {
  const auto header = parse(file);
  if (!header) return tl::unexpected(header.error());
  const auto count = std::uint64_t{header->width} * header->height * channels(header->layout);
  const std::uint64_t sample_bytes = header->maximum > 255 ? 2 : 1;
  const auto data = file.subspan(header->pixels);
  if (data.size() / sample_bytes < count) return cut_off("PNM");
  auto samples = scale(data, static_cast<std::size_t>(count), header->maximum);
  return std::make_shared<const Frame>(header->width, header->height, header->layout,
                                       std::move(samples));
}

}  // namespace darkroom::imaging
