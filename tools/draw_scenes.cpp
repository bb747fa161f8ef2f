#include <fstream>
#include <iostream>
#include <string>

#include "imaging/backend.hpp"
#include "tools/scene.hpp"

// Writes the pictures that the documentation shows into a folder, as PNG files.

namespace {

bool write(const std::string& path, const darkroom::imaging::Frame& frame) {
  const auto file = darkroom::imaging::fast_backend().encode(
      frame, {.format = darkroom::jobs::OutputFormat::png});
  if (!file) {
    std::cerr << path << ": " << file.error().message << "\n";
    return false;
  }
  std::ofstream stream{path, std::ios::binary};
  stream.write(reinterpret_cast<const char*>(file->data()),
               static_cast<std::streamsize>(file->size()));
  stream.close();
  if (stream.fail()) std::cerr << path << ": cannot be written\n";
  return !stream.fail();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "Usage: darkroom-draw-scenes FOLDER\n";
    return 2;
  }
  const std::string folder = std::string{argv[1]} + "/";
  using namespace darkroom::tools;
  const bool written =
      write(folder + "hills.png", *hills_with_house()) && write(folder + "badge.png", *badge()) &&
      write(folder + "stars.png", *night_sky()) && write(folder + "lines.png", *red_on_blue());
  return written ? 0 : 1;
}
