#include "nodes/backend_formats.hpp"

#include <fmt/format.h>

namespace darkroom::nodes {

imaging::Limits original_limits(const Config& config) {
  imaging::Limits limits = config.limits;
  limits.only_stb = config.pixel_backend == PixelBackend::stb;
  return limits;
}

std::vector<std::string> format_faults(const Config& config,
                                       std::span<const jobs::RenditionSpec> renditions) {
  std::vector<std::string> faults;
  if (config.pixel_backend != PixelBackend::stb) return faults;
  for (const auto& spec : renditions) {
    if (spec.format == jobs::OutputFormat::jpeg || spec.format == jobs::OutputFormat::png) continue;
    faults.push_back(fmt::format(
        "rendition \"{}\": format {} needs imaging.backend fast; stb writes jpeg and png",
        spec.name, jobs::to_string(spec.format)));
  }
  return faults;
}

}  // namespace darkroom::nodes
