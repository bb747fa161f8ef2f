#include "tests/http/pictures.hpp"

namespace darkroom::http {

std::string pnm_header(std::uint32_t width, std::uint32_t height) {
  return "P6\n" + std::to_string(width) + " " + std::to_string(height) + "\n255\n";
}

std::string pnm_picture(std::uint32_t width, std::uint32_t height) {
  std::string picture = pnm_header(width, height);
  const std::size_t samples = std::size_t{width} * height * 3;
  for (std::size_t i = 0; i < samples; ++i)
    picture += static_cast<char>(i * 7 % 251);
  return picture;
}

std::string tiff_start() {
  return std::string{"II*\0", 4} + std::string(20, 'x');
}

std::string cut_off_png() {
  return std::string{"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", 18};
}

}  // namespace darkroom::http
