#pragma once

#include <filesystem>
#include <vector>

#include "nodes/effective_config.hpp"

namespace darkroom::nodes {

/// Makes the images' paths absolute, as seen from `directory`, because workers may run elsewhere;
/// decodes each image once, so that a bad one is found at the start and not by every job; and gives
/// the presets the watermarks that they name. Notes what cannot be used.
void prepare_watermarks(const std::filesystem::path& directory, EffectiveConfig& effective,
                        std::vector<Problem>& problems);

}  // namespace darkroom::nodes
