#include "jobs/rendition_resolve.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace darkroom::jobs {
namespace {

std::string unknown_watermark(const RenditionSpec& spec, std::span<const Watermark> known) {
  std::string names;
  for (const Watermark& watermark : known)
    names += (names.empty() ? "" : ", ") + watermark.name;
  return fmt::format("rendition \"{}\": there is no watermark \"{}\"; {}", spec.name,
                     spec.watermark->name,
                     names.empty() ? "the configuration has none" : "there are: " + names);
}

}  // namespace

void resolve_formats(std::span<RenditionSpec> renditions, bool alpha) {
  for (RenditionSpec& spec : renditions) {
    if (spec.format != OutputFormat::automatic) continue;
    spec.format = alpha ? OutputFormat::webp : OutputFormat::jpeg;
  }
}

std::vector<std::string> resolve_watermarks(std::span<RenditionSpec> renditions,
                                            std::span<const Watermark> known) {
  std::vector<std::string> faults;
  for (RenditionSpec& spec : renditions) {
    if (!spec.watermark) continue;
    const auto found = std::ranges::find(known, spec.watermark->name, &Watermark::name);
    if (found == known.end()) {
      faults.push_back(unknown_watermark(spec, known));
    } else {
      spec.watermark = *found;
    }
  }
  return faults;
}

}  // namespace darkroom::jobs
