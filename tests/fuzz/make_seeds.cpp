// Writes what the fuzz targets start from: make_seeds FOLDER makes a folder in it for each target.

#include <array>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzz/asked_renditions.hpp"
#include "tests/fuzz/http_seeds.hpp"
#include "tests/imaging/hostile/every_kind.hpp"

namespace darkroom::fuzz {
namespace {

namespace fs = std::filesystem;
using imaging::testing::every_kind;
using imaging::testing::Sample;

using Asking = std::array<std::uint8_t, asking_bytes>;

/// As read_asked() takes them; together they use every operation, format and fit.
constexpr std::array<Asking, 6> askings{{
    // JPEG at full size, from coefficients where the file has them; a thumbnail.
    {0x81, 1, 0, 0, 0, 0, 60, 0, 2, 1, 16, 16, 0, 80, 0, 0, 0, 0, 0, 0, 0, 0},
    // A progressive JPEG that covers; PNG stretched; lossless WebP of another size.
    {0x82, 0, 0x81, 20, 30, 0x10, 70, 0, 0, 2, 33, 9, 1, 0, 2, 2, 0x80, 60, 70, 0x12, 0, 3},
    // Lossy WebP on a background; JPEG with a size limit.
    {0x81, 0, 3, 50, 20, 2, 50, 2, 1, 0, 0, 0, 0x80, 90, 0x80, 0, 0, 0, 0, 0, 0, 0},
    // Smart crop, sharpened, in linear light, with a watermark and the copyright.
    {0x80, 0xF0, 1 + 4 * 9, 12, 12, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
    // AVIF.
    {0x80, 2, 0, 20, 20, 3, 40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
    // Everything at full size.
    {0x82, 1, 0, 0, 0, 1, 0, 1, 1, 0, 0, 0, 2, 75, 1, 1, 0, 0, 0, 0x80, 92, 0},
}};

constexpr std::string_view rendition_lists[] = {
    R"([{"name":"small","operation":"resize","width":64}])",
    R"([{"name":"card","operation":"resize","width":800,"height":600,"fit":"cover",
        "focus":[0.25,1],"enlarge":true,"background":"#ffcc00","format":"avif","quality":60,
        "max_bytes":"100KiB","subsampling":"4:4:4","effort":7,"sharpen":0.5,"linear_light":true,
        "keep_copyright":true,"watermark":"logo"}])",
    R"([{"name":"web","operation":"compress","format":"webp","lossless":true,"max_bytes":0},
        {"name":"t","operation":"thumbnail","width":9,"height":9,"progressive":true,
         "fit":"pad","gravity":"south","sharpen":2}])",
    R"([{"name":"a","operation":"thumbnail","width":9,"height":9,"focus":"0.3, 0.7"},{}])",
    R"([{"name":1,"operation":null,"width":-1,"height":1e9,"quality":0.5,"gravity":[],"fit":{}}])",
    R"([[[[[[[[]]]]]]]])",
    R"({"name":"\u0061\ud83d\ude00"})",
};

void write(const fs::path& path, std::span<const std::byte> first,
           std::span<const std::byte> rest = {}) {
  fs::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary);
  for (const auto part : {first, rest}) {
    out.write(reinterpret_cast<const char*>(part.data()),
              static_cast<std::streamsize>(part.size()));
  }
  if (!out.flush())
    throw fs::filesystem_error("cannot write", path, std::make_error_code(std::errc::io_error));
}

void write_all(const fs::path& folder) {
  const std::vector<Sample> seeds = every_kind();
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    const Sample& seed = seeds[i];
    write(folder / "probe" / seed.name, seed.file);
    // Two each, so that every format meets every asking and the corpus stays small.
    for (const std::size_t asking : {i % askings.size(), (i + 3) % askings.size()}) {
      write(folder / "pipeline" / (seed.name + "-" + std::to_string(asking)),
            std::as_bytes(std::span(askings[asking])), seed.file);
    }
  }
  for (const auto& seed : http_seeds())
    write(folder / seed.target / seed.name, std::as_bytes(std::span(seed.input)));
  for (std::size_t i = 0; i < std::size(rendition_lists); ++i) {
    write(folder / "renditions" / std::to_string(i), std::as_bytes(std::span(rendition_lists[i])));
  }
}

}  // namespace
}  // namespace darkroom::fuzz

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("Usage: make_seeds FOLDER\n", stderr);
    return 2;
  }
  try {
    darkroom::fuzz::write_all(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "make_seeds: %s\n", error.what());
    return 1;
  }
  return 0;
}
