#pragma once

#include <span>
#include <string>
#include <vector>

#include "jobs/rendition.hpp"

// What a preset or an upload may leave open is settled before there is a job, so that records, file
// names and workers only ever see renditions that say everything.

namespace darkroom::jobs {

/// Puts a format in the place of "auto": WebP where `alpha`, else JPEG. `alpha` is whether the
/// original can have transparent pixels.
void resolve_formats(std::span<RenditionSpec> renditions, bool alpha);

/// Fills in the watermarks that the renditions call by name from `known`. Returns a sentence for
/// each name that is not there; such a rendition keeps its unresolved watermark.
[[nodiscard]] std::vector<std::string> resolve_watermarks(std::span<RenditionSpec> renditions,
                                                          std::span<const Watermark> known);

}  // namespace darkroom::jobs
