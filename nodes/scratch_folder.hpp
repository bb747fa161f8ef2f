#pragma once

#include <filesystem>
#include <string>

#include <tl/expected.hpp>

namespace darkroom::nodes {

/// The folder in which a worker keeps originals under way that it fetches; makes it where it is not
/// there. The error says why nothing can be written there. A full disk is none: that may pass.
[[nodiscard]] tl::expected<std::filesystem::path, std::string> open_scratch_folder(
    const std::filesystem::path& storage);

}  // namespace darkroom::nodes
