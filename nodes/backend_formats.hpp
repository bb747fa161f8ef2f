#pragma once

#include <span>
#include <string>
#include <vector>

#include "imaging/probe.hpp"
#include "jobs/rendition.hpp"
#include "nodes/config.hpp"

namespace darkroom::nodes {

/// The limits on originals, with the formats that the chosen backend cannot read left out.
[[nodiscard]] imaging::Limits original_limits(const Config& config);

/// A sentence for each rendition in a format that the chosen backend cannot write. `auto` may
/// become one.
[[nodiscard]] std::vector<std::string> format_faults(
    const Config& config, std::span<const jobs::RenditionSpec> renditions);

}  // namespace darkroom::nodes
