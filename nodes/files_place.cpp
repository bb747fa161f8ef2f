#include "nodes/files_place.hpp"

#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

#include "persistence/data_folder.hpp"

namespace darkroom::nodes {
namespace {

/// Another one after each start of the machine's kernel, and the same in all of its containers. Two
/// machines never have the same.
std::string boot_id() {
  std::ifstream file{"/proc/sys/kernel/random/boot_id"};
  std::string id;
  std::getline(file, id);
  return id;
}

}  // namespace

actors::FilesPlace files_place(const std::filesystem::path& storage) {
  std::error_code error;
  const auto path = std::filesystem::absolute(storage, error).lexically_normal();
  struct stat status {};
  if (error || ::stat(path.c_str(), &status) != 0) return {};
  return {
      .boot_id = boot_id(), .path = path.string(), .device = status.st_dev, .inode = status.st_ino};
}

bool reaches(const actors::FilesPlace& place) {
  namespace folder = persistence::data_folder;
  if (place.boot_id.empty() || place.boot_id != boot_id()) return false;
  const std::filesystem::path path{place.path};
  // A container may have another folder under the same name.
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return false;
  if (status.st_dev != place.device || status.st_ino != place.inode) return false;
  const int wanted = R_OK | W_OK | X_OK;
  return ::access((path / folder::uploads).c_str(), wanted) == 0 &&
         ::access((path / folder::temporary).c_str(), wanted) == 0;
}

}  // namespace darkroom::nodes
