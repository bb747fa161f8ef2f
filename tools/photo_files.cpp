#include "tools/photo_files.hpp"

#include <fstream>
#include <utility>

#include "imaging/limits.hpp"
#include "imaging/probe.hpp"

namespace darkroom::tools {
namespace {

using Failure = tl::unexpected<std::string>;

tl::expected<std::string, std::string> described(const BenchInput& input) {
  const auto info = imaging::probe(input.file, imaging::no_limits);
  if (!info) return Failure(input.name + ": " + info.error().message);
  return input.name + ", " + imaging::size_text(info->width, info->height) + ", " +
         std::to_string(input.file.size()) + " bytes";
}

tl::expected<void, std::string> write_file(const std::filesystem::path& path,
                                           const imaging::EncodedImage& file) {
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(file.data()), static_cast<std::streamsize>(file.size()));
  out.close();
  if (!out) return Failure("cannot write " + path.string());
  return {};
}

}  // namespace

tl::expected<PhotoFiles, std::string> open_photos(const std::vector<std::string>& paths,
                                                  imaging::Size synthetic,
                                                  const std::filesystem::path& folder) {
  PhotoFiles photos;
  if (paths.empty()) {
    auto made = synthetic_inputs(synthetic);
    if (!made) return Failure(made.error());
    photos.inputs.push_back(std::move(made->front()));
    photos.paths.push_back(std::filesystem::absolute(folder / "photo.jpg"));
    if (auto written = write_file(photos.paths.front(), photos.inputs.front().file); !written) {
      return Failure(written.error());
    }
  }
  for (const auto& path : paths) {
    auto input = read_input(path);
    if (!input) return Failure(input.error());
    photos.inputs.push_back(std::move(*input));
    photos.paths.push_back(std::filesystem::absolute(path));
  }
  for (const auto& input : photos.inputs) {
    const auto text = described(input);
    if (!text) return Failure(text.error());
    photos.description += (photos.description.empty() ? "" : "; ") + *text;
  }
  return photos;
}

}  // namespace darkroom::tools
