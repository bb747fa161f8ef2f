#pragma once

#include <filesystem>
#include <string>

#include "actors/files_place.hpp"

namespace darkroom::nodes {

/// What a coordinator tells of the folder that holds its files.
[[nodiscard]] actors::FilesPlace files_place(const std::filesystem::path& storage);

/// Whether that folder is here, the very same one on the same machine, and this process may write
/// to it: then files need not travel.
[[nodiscard]] bool reaches(const actors::FilesPlace& place);

}  // namespace darkroom::nodes
