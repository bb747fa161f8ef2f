#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "imaging/backend.hpp"
#include "imaging/size.hpp"
#include "tools/bench_report.hpp"
#include "tools/rival.hpp"

namespace darkroom::tools {

struct PixelsOptions {
  std::vector<std::string> images = {};   ///< Paths; none: a synthetic photograph.
  imaging::Size synthetic{2'725, 2'225};  ///< Its size.
  std::size_t runs = 10;
  const imaging::Backend* backend = nullptr;
  std::vector<Rival> rivals = {};  ///< Do the same job on the same images, in turns with us.
};

/// Measures the CPU time of one job of the default preset, step by step, for each image: what the
/// service and `darkroom process` do with it, without storage and network. The error says which
/// image cannot be used, and why.
[[nodiscard]] tl::expected<std::vector<BenchReport>, std::string> bench_pixels(
    const PixelsOptions& options);

}  // namespace darkroom::tools
