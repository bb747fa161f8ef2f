#include "imaging/png/png_decoder.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "imaging/colour/colour_conversion.hpp"
#include "imaging/colour/make_profile.hpp"
#include "imaging/formats/byte_reader.hpp"
#include "imaging/formats/exif.hpp"
#include "imaging/formats/png_file.hpp"
#include "imaging/formats/png_layout.hpp"
#include "imaging/pixels/flatten.hpp"
#include "imaging/pixels/orientation.hpp"
#include "imaging/png/inflate.hpp"
#include "imaging/png/row_expander.hpp"
#include "imaging/png/unfilter.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

Refusal unknown_filter() {
  return corrupt("a row of the PNG has a filter that does not exist");
}

std::size_t pixel_bytes(const PngHeader& header) {
  return std::max<std::size_t>(1, std::size_t{samples_per_pixel(header)} * header.depth / 8);
}

/// True where the rows hold the frame's samples as they are.
bool is_direct(const PngParts& parts) {
  const PngHeader& header = parts.header;
  const bool keyed = !parts.transparency.empty() && (header.colour == 0 || header.colour == 2);
  return header.depth == 8 && !header.interlaced && header.colour != png_palette_colour && !keyed;
}

/// Inflates into the frame's own memory and unfilters there: every row moves towards the front by
/// the filter bytes before it, so nothing is overwritten before it is read.
tl::expected<FramePtr, Error> decode_direct(const PngParts& parts, PixelLayout layout) {
  const PngHeader& header = parts.header;
  const std::size_t stride = std::size_t{header.width} * channels(layout);
  const auto filter_rows = static_cast<std::uint32_t>(header.height / stride) + 2;
  PlaneBuffer buffer(header.width, header.height, channels(layout), stride,
                     header.height + filter_rows);
  const auto size = static_cast<std::size_t>(stream_bytes(header));
  std::uint8_t* const memory = buffer.row(0);
  if (auto inflated = inflate_pixels(parts.pixel_data, {memory, size}); !inflated) {
    return tl::unexpected(std::move(inflated.error()));
  }
  memory[size] = 0;  // May be read behind the last row.
  const std::vector<std::uint8_t> zeros(stride + 1);
  FilteredRow row{.above = zeros.data(), .bytes = stride, .pixel_bytes = pixel_bytes(header)};
  for (std::uint32_t y = 0; y < header.height; ++y) {
    const std::uint8_t* from = memory + (stride + 1) * y;
    row.filter = *from;
    row.from = from + 1;
    if (!unfilter(row, buffer.row(y))) return unknown_filter();
    row.above = buffer.row(y);
  }
  return std::make_shared<const Frame>(layout, std::move(buffer));
}

/// Takes the rows of a picture that are not the frame's samples yet, pass by pass.
class PassReader {
 public:
  PassReader(const PngParts& parts, const RowExpander& expander, std::span<std::uint8_t> stream,
             PlaneBuffer& frame)
      : header_(parts.header), expander_(expander), stream_(stream), frame_(frame) {
    const auto longest = static_cast<std::size_t>(row_bytes(header_, header_.width)) + 1;
    above_.resize(longest);
    row_.resize(longest);
    pixels_.resize(std::size_t{header_.width} * frame.view().channels);
  }

  /// False for an unknown filter.
  bool read(const PngPass& pass) {
    const Size size = pass_size(header_, pass);
    const auto bytes = static_cast<std::size_t>(row_bytes(header_, size.width));
    std::fill(above_.begin(), above_.end(), std::uint8_t{0});
    for (std::uint32_t y = 0; y < size.height; ++y) {
      const std::uint8_t* from = stream_.data() + position_;
      const FilteredRow filtered{.filter = *from,
                                 .from = from + 1,
                                 .above = above_.data(),
                                 .bytes = bytes,
                                 .pixel_bytes = pixel_bytes(header_)};
      if (!unfilter(filtered, row_.data())) return false;
      place(pass, size.width, frame_.row(pass.top + y * pass.down));
      position_ += bytes + 1;
      std::swap(row_, above_);
    }
    return true;
  }

 private:
  void place(const PngPass& pass, std::uint32_t width, std::uint8_t* target) {
    if (pass.across == 1) return expander_.expand(row_.data(), width, target);
    expander_.expand(row_.data(), width, pixels_.data());
    const std::size_t step = frame_.view().channels;
    const std::uint8_t* pixel = pixels_.data();
    for (std::uint32_t x = 0; x < width; ++x, pixel += step) {
      std::copy_n(pixel, step, target + (pass.left + std::size_t{x} * pass.across) * step);
    }
  }

  PngHeader header_;
  const RowExpander& expander_;
  std::span<std::uint8_t> stream_;
  PlaneBuffer& frame_;
  std::size_t position_ = 0;
  std::vector<std::uint8_t> above_;
  std::vector<std::uint8_t> row_;
  std::vector<std::uint8_t> pixels_;
};

tl::expected<FramePtr, Error> decode_expanded(const PngParts& parts, const RowExpander& expander) {
  const PngHeader& header = parts.header;
  const auto size = static_cast<std::size_t>(stream_bytes(header));
  const auto stream = std::make_unique_for_overwrite<std::uint8_t[]>(size + 1);
  if (auto inflated = inflate_pixels(parts.pixel_data, {stream.get(), size}); !inflated) {
    return tl::unexpected(std::move(inflated.error()));
  }
  stream[size] = 0;  // May be read behind the last row.
  auto frame = PlaneBuffer::tight(header.width, header.height, channels(expander.layout()));
  PassReader reader(parts, expander, {stream.get(), size}, frame);
  if (!header.interlaced) {
    if (!reader.read(PngPass{})) return unknown_filter();
  } else {
    for (const PngPass& pass : adam7) {
      if (!reader.read(pass)) return unknown_filter();
    }
  }
  return std::make_shared<const Frame>(expander.layout(), std::move(frame));
}

/// The embedded profile, or one made of the chunks cHRM and gAMA; empty where the colours count as
/// sRGB. A gamma alone is heeded as browsers do, with the primaries of sRGB.
std::vector<std::byte> colour_profile(const PngParts& parts, PixelLayout layout) {
  if (!parts.profile.empty()) return inflate_profile(parts.profile);
  if (parts.srgb || parts.gamma.size() != 4) return {};
  constexpr double unit = 100'000;
  const double encoding = ByteReader(parts.gamma).u32_be() / unit;
  // 1 / 2.2 stands for the curve of sRGB.
  const bool usual = std::abs(encoding - 1 / 2.2) < 0.002;
  if (encoding <= 0 || (usual && parts.chromaticities.size() != 32)) return {};
  if (layout == PixelLayout::grey || layout == PixelLayout::grey_alpha) {
    return usual ? std::vector<std::byte>{} : make_grey_profile(1 / encoding);
  }
  Primaries primaries = Primaries::srgb();
  if (parts.chromaticities.size() == 32) {
    ByteReader reader(parts.chromaticities);
    for (Chromaticity* point :
         {&primaries.white, &primaries.red, &primaries.green, &primaries.blue}) {
      point->x = reader.u32_be() / unit;
      point->y = reader.u32_be() / unit;
    }
  }
  return usual ? make_profile(primaries, std::nullopt) : make_profile(primaries, 1 / encoding);
}

}  // namespace

tl::expected<Picture, Error> decode_png(std::span<const std::byte> file, const ImageInfo& info) {
  const auto parts = read_png_parts(file);
  if (!parts) return tl::unexpected(parts.error());
  const RowExpander expander(*parts);
  auto decoded = is_direct(*parts) ? decode_direct(*parts, expander.layout())
                                   : decode_expanded(*parts, expander);
  if (!decoded) return tl::unexpected(std::move(decoded.error()));
  FramePtr frame = std::move(*decoded);
  if (has_alpha(frame->layout()) && is_opaque(frame->samples(), frame->layout())) {
    frame = drop_alpha(*frame);
  }
  const auto profile = colour_profile(*parts, frame->layout());
  if (!profile.empty()) frame = convert_to_srgb(frame, profile);
  frame = make_upright(std::move(frame), info.orientation);
  Picture picture = picture_of(std::move(frame));
  picture.copyright = exif_copyright(parts->exif);
  return picture;
}

}  // namespace darkroom::imaging
