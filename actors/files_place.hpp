#pragma once

#include <cstdint>
#include <string>

namespace darkroom::actors {

/// The folder that holds the files, told so that a node can find out whether it has the very same
/// one. All empty where the files are no folder.
struct FilesPlace {
  std::string boot_id;  ///< Of the machine's kernel; see random(4).
  std::string path;     ///< storage.path, absolute.
  std::uint64_t device = 0;
  std::uint64_t inode = 0;  ///< Of `path`; with `device` as in stat(2).

  friend bool operator==(const FilesPlace&, const FilesPlace&) = default;
};

}  // namespace darkroom::actors
