#include "imaging/formats/png_layout.hpp"

namespace darkroom::imaging {
namespace {

std::uint64_t pass_bytes(const PngHeader& header, Size size) {
  return size.height * (1 + row_bytes(header, size.width));
}

}  // namespace

Size pass_size(const PngHeader& header, const PngPass& pass) {
  const auto count = [](std::uint32_t side, std::uint32_t start, std::uint32_t step) {
    return side <= start ? 0 : (side - start + step - 1) / step;
  };
  const Size size{count(header.width, pass.left, pass.across),
                  count(header.height, pass.top, pass.down)};
  return size.width == 0 ? Size{} : size;
}

std::uint32_t samples_per_pixel(const PngHeader& header) {
  switch (header.colour) {
    case 2:
      return 3;
    case 4:
      return 2;
    case 6:
      return 4;
    default:
      return 1;
  }
}

std::uint64_t row_bytes(const PngHeader& header, std::uint32_t width) {
  return (std::uint64_t{width} * header.depth * samples_per_pixel(header) + 7) / 8;
}

std::uint64_t stream_bytes(const PngHeader& header) {
  if (!header.interlaced) return pass_bytes(header, {header.width, header.height});
  std::uint64_t total = 0;
  for (const PngPass& pass : adam7)
    total += pass_bytes(header, pass_size(header, pass));
  return total;
}

}  // namespace darkroom::imaging
