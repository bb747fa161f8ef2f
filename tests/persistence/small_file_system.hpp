#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

#include "tests/files/temporary_folder.hpp"

namespace darkroom::persistence {

/// A tmpfs of a few bytes, to run out of space in. Mounting takes root.
class SmallFileSystem {
 public:
  /// Null where this process may not mount.
  [[nodiscard]] static std::unique_ptr<SmallFileSystem> mount(std::size_t bytes);

  SmallFileSystem() = default;
  SmallFileSystem(const SmallFileSystem&) = delete;
  SmallFileSystem& operator=(const SmallFileSystem&) = delete;
  SmallFileSystem(SmallFileSystem&&) = delete;
  SmallFileSystem& operator=(SmallFileSystem&&) = delete;
  ~SmallFileSystem();

  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }

  /// Takes all the space that is left, with the file "ballast".
  void fill() const;

  /// Gives back what fill() took.
  void give_back() const;

 private:
  tests::TemporaryFolder folder_;
};

}  // namespace darkroom::persistence
