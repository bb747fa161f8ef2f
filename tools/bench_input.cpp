#include "tools/bench_input.hpp"

#include <fstream>
#include <iterator>
#include <span>
#include <utility>

#include "imaging/backend.hpp"
#include "jobs/rendition.hpp"
#include "tools/synthetic_photo.hpp"

namespace darkroom::tools {

tl::expected<BenchInput, std::string> read_input(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(stream)), {});
  if (!stream) return tl::unexpected(path + ": cannot be read");
  const auto bytes = std::as_bytes(std::span(text));
  return BenchInput{.name = path, .file = {bytes.begin(), bytes.end()}};
}

tl::expected<std::vector<BenchInput>, std::string> synthetic_inputs(imaging::Size size) {
  using jobs::OutputFormat;
  constexpr int quality = 90;
  const auto photo = synthetic_photo(size.width, size.height);
  std::vector<BenchInput> inputs;
  for (const auto format : {OutputFormat::jpeg, OutputFormat::png, OutputFormat::webp}) {
    imaging::EncodeOptions options{.format = format, .quality = quality};
    // Most photographs come so.
    options.subsampling = jobs::ChromaSubsampling::s420;
    auto file = imaging::fast_backend().encode(*photo, options);
    if (!file) return tl::unexpected(std::move(file.error().message));
    inputs.push_back({.name = "synthetic photograph as " + std::string(jobs::to_string(format)),
                      .file = std::move(*file)});
  }
  return inputs;
}

}  // namespace darkroom::tools
