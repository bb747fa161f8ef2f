#include "nodes/scratch_folder.hpp"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

#include "persistence/data_folder.hpp"

namespace darkroom::nodes {

tl::expected<std::filesystem::path, std::string> open_scratch_folder(
    const std::filesystem::path& storage) {
  const auto folder = storage / persistence::data_folder::temporary;
  const auto unusable = [&folder](const std::error_code& why) {
    return tl::unexpected(
        fmt::format("the folder {} for originals under way cannot be used: {}; set storage.path to "
                    "a folder that this user can write to",
                    folder.string(), why.message()));
  };
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error && error != std::errc::no_space_on_device) return unusable(error);
  if (::access(folder.c_str(), W_OK | X_OK) != 0 && !error) {
    return unusable({errno, std::generic_category()});
  }
  return folder;
}

}  // namespace darkroom::nodes
