#pragma once

#include <filesystem>
#include <string>

#include <tl/expected.hpp>

namespace darkroom::nodes {

/// The content of a small file, such as a configuration. The error names the file and says in the
/// system's words why it cannot be read. More than 1 MiB is refused: it is not the file meant.
[[nodiscard]] tl::expected<std::string, std::string> read_text_file(
    const std::filesystem::path& path);

}  // namespace darkroom::nodes
