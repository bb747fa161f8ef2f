#pragma once

#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "imaging/encode_options.hpp"
#include "imaging/size.hpp"

namespace darkroom::tools {

/// A picture that is measured.
struct BenchInput {
  std::string name;
  imaging::EncodedImage file;
};

[[nodiscard]] tl::expected<BenchInput, std::string> read_input(const std::string& path);

/// The synthetic photograph as JPEG, PNG and WebP. The same files on every machine that has the
/// same versions of the codecs.
[[nodiscard]] tl::expected<std::vector<BenchInput>, std::string> synthetic_inputs(
    imaging::Size size);

}  // namespace darkroom::tools
